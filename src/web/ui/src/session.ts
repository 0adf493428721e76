/** Whether this visitor may ask: by a cookie that the server sets for whoever knows the token. The page itself keeps no secret. */
import { signal } from '@preact/signals';
import type { SessionShape } from '../../api/server-shapes.ts';
import { ApiProblem, ask, whenSignedOut } from './api.ts';

/** `asking`: the server was not heard yet. `closed`: a token is needed. */
export type SessionState = 'asking' | 'closed' | 'open';

export const session = signal<SessionState>('asking');
/** There is a token, so signing out means something. */
export const isTokenNeeded = signal(false);
/** Why the token in the address was not taken. */
export const tokenProblem = signal<string | undefined>(undefined);

whenSignedOut(() => {
  session.value = 'closed';
});

/** Takes a token out of the address (`#token=…`, as the QR code has it), and learns where we stand. */
export async function openSession(): Promise<void> {
  const token = takeTokenFromAddress();
  try {
    if (token === undefined) take(await ask<SessionShape>('GET', '/session'));
    else await signIn(token);
  } catch (fault) {
    if (!(fault instanceof ApiProblem) || fault.status === 0) throw fault;
    tokenProblem.value = fault.message;
    session.value = 'closed';
  }
}

/** @throws ApiProblem when the token is wrong. */
export async function signIn(token: string): Promise<void> {
  take(await ask<SessionShape>('POST', '/session', { token }));
  tokenProblem.value = undefined;
}

export async function signOut(): Promise<void> {
  await ask('DELETE', '/session');
  session.value = 'closed';
}

function take(told: SessionShape): void {
  isTokenNeeded.value = told.isTokenNeeded;
  session.value = told.isTokenNeeded && !told.isSignedIn ? 'closed' : 'open';
}

function takeTokenFromAddress(): string | undefined {
  const token = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (token === undefined) return undefined;
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  return decodeToken(token);
}

/** A broken escape is no token, and nothing to fail for. */
function decodeToken(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
