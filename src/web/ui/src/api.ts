/** Questions to the server, below `/api/v1` of where the page came from. Faults are `ApiProblem`s; a lost session leads to the login. */
import type { ApiFault } from '../../api/plain-shapes.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** How long an answer may take, in milliseconds. */
const PATIENCE_MS = 15_000;
const API = 'api/v1';

/** What went wrong, in the words of the server; `status` is 0 when it could not be reached. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly details: readonly string[];

  constructor(status: number, error: string, details: readonly string[] = []) {
    super(error);
    this.status = status;
    this.details = details;
  }
}

/** What any thrown thing says, as an `ApiProblem`. */
export function problemOf(thrown: unknown): ApiProblem {
  return thrown instanceof ApiProblem ? thrown : new ApiProblem(0, thrown instanceof Error ? thrown.message : String(thrown));
}

let onSignedOut: () => void = () => {};

/** @param listener is called when an answer says that the session is over. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** The address of a route of the API, for links and for the stream of events. */
export function apiUrl(path: string): string {
  return `${API}${path}`;
}

/**
 * Asks the server.
 * @param path below `/api/v1`, with its query; parts of it that come from data go through `encodeURIComponent`.
 * @param body goes as JSON; a `Blob` goes as it is.
 * @throws ApiProblem
 */
export async function ask<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(apiUrl(path), requestOf(method, body)).catch((fault: unknown) => {
    const isLate = fault instanceof DOMException && fault.name === 'TimeoutError';
    throw new ApiProblem(0, isLate ? 'The server does not answer in time.' : 'The server cannot be reached.');
  });
  if (!answer.ok) throw await problemIn(answer);
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

function requestOf(method: Method, body: unknown): RequestInit {
  const request: RequestInit = { method, credentials: 'same-origin' };
  if (body instanceof Blob) return { ...request, body, headers: { 'content-type': 'application/octet-stream' } };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  if (body === undefined && method !== 'POST') return { ...request, signal };
  return { ...request, signal, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) };
}

async function problemIn(answer: Response): Promise<ApiProblem> {
  if (answer.status === 401) onSignedOut();
  const fault = (await answer.json().catch(() => undefined)) as Partial<ApiFault> | undefined;
  const error = typeof fault?.error === 'string' ? fault.error : `The server answers ${answer.status} ${answer.statusText}`.trim();
  return new ApiProblem(answer.status, error, fault?.details ?? []);
}
