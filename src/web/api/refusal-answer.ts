/** What of the API cannot be done, as a status and a sentence. */
import type { Refusal } from '../../files/refusal.ts';
import { type ApiFault, apiFault } from './plain-shapes.ts';

/** Why something that was asked for is not done. The kinds are those of a request (RFC 9110 §15.5). */
export interface ApiRefusal extends ApiFault {
  readonly status: 403 | 404 | 409 | 411 | 412 | 413 | 422 | 500 | 507;
}

const STATUS_OF: Readonly<Record<Refusal['refused'], ApiRefusal['status']>> = {
  'not-found': 404,
  forbidden: 403,
  exists: 412,
  full: 507,
  fault: 500,
};

/** The shapes of all answers that are refusals, for a route's schema. */
export const REFUSALS = {
  403: apiFault,
  404: apiFault,
  409: apiFault,
  411: apiFault,
  412: apiFault,
  413: apiFault,
  422: apiFault,
  500: apiFault,
  507: apiFault,
} as const satisfies Readonly<Record<ApiRefusal['status'], typeof apiFault>>;

/** A refusal of the files, for somebody who may see paths of this machine. */
export function fileRefusal({ refused, detail }: Refusal): ApiRefusal {
  return { status: STATUS_OF[refused], error: detail };
}

export function apiRefusal(status: ApiRefusal['status'], error: string, details: readonly string[] = []): ApiRefusal {
  return { status, error, ...(details.length > 0 && { details: [...details] }) };
}

/** The body of the answer. */
export function faultOf({ error, details }: ApiRefusal): ApiFault {
  return { error, ...(details !== undefined && { details }) };
}
