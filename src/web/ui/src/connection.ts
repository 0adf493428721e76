/** Keeps the stream of events open, and says plainly whether it is: what a page shows that hears nothing any more must not look alive. */
import { signal } from '@preact/signals';
import type { SessionShape } from '../../api/server-shapes.ts';
import type { StreamMessage, StreamTopic } from '../../api/stream-shapes.ts';
import { apiUrl, ask } from './api.ts';
import { askAnew, takeDevices, takeLeases, takeLog, takeServer, takeTransfers } from './live.ts';
import { session } from './session.ts';

export type Connection = 'live' | 'reconnecting' | 'lost';

export const connection = signal<Connection>('reconnecting');

/** Silence after which we ask whether the server is still there: a pulled cable closes nothing. */
const SILENCE_MS = 20_000;
/** How long attempts may fail until the connection is called lost. */
const LOST_AFTER_MS = 6_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

const TOPICS: { readonly [T in StreamTopic]: (message: StreamMessage<T>) => void } = {
  devices: takeDevices,
  transfers: takeTransfers,
  log: takeLog,
  leases: takeLeases,
  server: takeServer,
};

let source: EventSource | undefined;
let waitMs = FIRST_WAIT_MS;
let failingSince: number | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;
let heardAt = 0;

/** Opens the stream, and keeps it; returns how to stop. */
export function startConnection(): () => void {
  const watch = setInterval(() => void checkSilence(), SILENCE_MS / 4);
  window.addEventListener('online', retryNow);
  window.addEventListener('offline', fail);
  connect();
  return () => {
    clearInterval(watch);
    clearTimeout(retry);
    window.removeEventListener('online', retryNow);
    window.removeEventListener('offline', fail);
    source?.close();
    source = undefined;
  };
}

/** Does not wait for the next attempt. */
export function retryNow(): void {
  if (source?.readyState === EventSource.OPEN) return;
  waitMs = FIRST_WAIT_MS;
  connect();
}

function connect(): void {
  clearTimeout(retry);
  source?.close();
  const opened = new EventSource(apiUrl('/events'));
  source = opened;
  // What comes before the lists are there would be overwritten by them.
  let waiting: (() => void)[] | undefined = [];
  for (const [topic, take] of Object.entries(TOPICS) as [StreamTopic, (message: unknown) => void][]) {
    opened.addEventListener(topic, (event: MessageEvent<string>) => {
      heardAt = Date.now();
      const message: unknown = JSON.parse(event.data);
      if (waiting === undefined) take(message);
      else waiting.push(() => take(message));
    });
  }
  opened.onopen = () => {
    heardAt = Date.now();
    askAnew().then(
      () => {
        if (source !== opened) return;
        for (const take of waiting ?? []) take();
        waiting = undefined;
        failingSince = undefined;
        waitMs = FIRST_WAIT_MS;
        connection.value = 'live';
      },
      () => source === opened && fail(),
    );
  };
  opened.onerror = () => source === opened && fail();
}

function fail(): void {
  source?.close();
  clearTimeout(retry);
  failingSince ??= Date.now();
  connection.value = Date.now() - failingSince < LOST_AFTER_MS ? 'reconnecting' : 'lost';
  retry = setTimeout(() => void knock(), waitMs);
  waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
}

/** A stream does not say why it was refused; the session does. */
async function knock(): Promise<void> {
  const failed = source;
  const told = await ask<SessionShape>('GET', '/session').catch(() => undefined);
  if (source !== failed || failed === undefined) return;
  if (told === undefined) fail();
  else if (told.isTokenNeeded && !told.isSignedIn) session.value = 'closed';
  else connect();
}

async function checkSilence(): Promise<void> {
  if (source?.readyState !== EventSource.OPEN || Date.now() - heardAt < SILENCE_MS) return;
  const asked = source;
  const isThere = await ask('GET', '/session').then(
    () => true,
    () => false,
  );
  heardAt = Date.now();
  if (!isThere && source === asked) fail();
}
