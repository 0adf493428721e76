/** Uploads of the open page: one after the other, each with how far it is, and with a question before something is overwritten. */
import { signal } from '@preact/signals';
import { problemOf } from '../../api.ts';
import { upload } from './upload.ts';

export interface UploadState {
  readonly id: number;
  readonly path: string;
  readonly file: File;
  readonly sent: number;
  /** `asking`: a file of that name is there. */
  readonly stage: 'waiting' | 'sending' | 'asking' | 'done' | 'failed';
  readonly problem?: string;
}

/** They go on when another view is opened. */
export const uploads = signal<readonly UploadState[]>([]);
/** Grows with each file that has arrived. */
export const arrivals = signal(0);

const stops = new Map<number, AbortController>();
let nextId = 1;

/** @param folder below the root; empty for the root. */
export function addUploads(folder: string, files: Iterable<File>): void {
  const added = [...files].map(
    (file): UploadState => ({
      id: nextId++,
      path: folder === '' ? file.name : `${folder}/${file.name}`,
      file,
      sent: 0,
      stage: 'waiting',
    }),
  );
  uploads.value = [...uploads.peek(), ...added];
  sendNext();
}

/** The answer to the question whether a file is to be overwritten. */
export function answerOverwrite({ id }: UploadState, isWanted: boolean): void {
  if (!isWanted) dismissUpload(id);
  else void send(id, true);
}

/** Stops it, if it is on its way, and forgets it. */
export function dismissUpload(id: number): void {
  stops.get(id)?.abort();
  uploads.value = uploads.peek().filter((one) => one.id !== id);
}

/** Forgets those that have ended. */
export function dismissUploads(ended: readonly UploadState[]): void {
  for (const { id } of ended) dismissUpload(id);
}

function change(id: number, changes: Partial<UploadState>): void {
  uploads.value = uploads.peek().map((one) => (one.id === id ? { ...one, ...changes } : one));
}

/** Files share one cable: two at a time would both be slower. */
function sendNext(): void {
  if (uploads.peek().some(({ stage }) => stage === 'sending')) return;
  const next = uploads.peek().find(({ stage }) => stage === 'waiting');
  if (next !== undefined) void send(next.id, false);
}

async function send(id: number, isOverwriting: boolean): Promise<void> {
  const found = uploads.peek().find((one) => one.id === id);
  if (found === undefined) return;
  const stop = new AbortController();
  stops.set(id, stop);
  change(id, { stage: 'sending', sent: 0 });
  try {
    await upload({ ...found, isOverwriting, signal: stop.signal, onProgress: (sent) => change(id, { sent }) });
    change(id, { stage: 'done', sent: found.file.size });
    arrivals.value += 1;
  } catch (fault) {
    const { status, message, details } = problemOf(fault);
    if (status === 412 && !isOverwriting) change(id, { stage: 'asking' });
    else change(id, { stage: 'failed', problem: [message, ...details].join(' ') });
  } finally {
    stops.delete(id);
    sendNext();
  }
}
