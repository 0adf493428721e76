/**
 * A file that a client sends by PUT (RFC 9110 §9.3.4), as Poly's phones send their logs and what was changed at them. Who may, where it lies and how
 * much is taken is the catalogue's business, as by TFTP.
 */
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../base/clock.ts';
import type { Tell } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import type { FileSink, StoredFile } from '../files/catalog.ts';
import { type Refusal, refusal } from '../files/refusal.ts';
import { outcomeOf } from '../files/stored-outcome.ts';

export interface UploadParts {
  readonly request: IncomingMessage;
  readonly sink: FileSink;
  /** For the log. */
  readonly label: Subject & { readonly transfer: number; readonly protocol: 'http'; readonly direction: 'write'; readonly path: string };
  /** Octets that are announced, where they are. */
  readonly size: number | undefined;
  /** Octets that are taken. */
  readonly maxSize: number;
  /** A client that sends nothing for so long is given up. */
  readonly patienceMs: number;
  readonly clock: Clock;
  readonly tell: Tell;
}

/** Takes the body to its end and puts the file in its place. Never rejects: what came of a failed upload is kept aside, and told. */
export async function receiveUpload(parts: UploadParts): Promise<StoredFile | Refusal> {
  const { request, sink, label, size, clock, tell, patienceMs } = parts;
  const beganAt = clock.mono();
  tell({ type: 'transfer.started', ...label, size });
  request.setTimeout(patienceMs, () => request.destroy(new Error(`it sent nothing for ${patienceMs / 1000} s`)));
  const progress = { octets: 0 };
  const outcome = await takeBody(parts, progress).catch((fault: unknown) => refusal('fault', whyBroken(fault)));
  const ended = { ...label, octets: progress.octets, millis: Math.round(clock.mono() - beganAt) };
  if ('refused' in outcome) {
    const keptAs = await sink.abort();
    tell({ type: 'transfer.failed', ...ended, size, reason: outcome.detail, keptAs });
    return outcome;
  }
  tell({ type: 'transfer.done', ...ended, ...outcomeOf(outcome) });
  return outcome;
}

async function takeBody({ request, sink, size, maxSize }: UploadParts, progress: { octets: number }): Promise<StoredFile | Refusal> {
  for await (const chunk of request) {
    const octets = chunk as Uint8Array;
    progress.octets += octets.length;
    if (progress.octets > maxSize) return refusal('full', `it is larger than the ${maxSize} octets that are taken`);
    const written = await sink.write(octets);
    if (!written.ok) return written.error;
  }
  // Node breaks the connection off where fewer came; this is for what stands between.
  if (size !== undefined && progress.octets !== size) return refusal('fault', `${size} octets were announced and ${progress.octets} came`);
  const stored = await sink.commit();
  return stored.ok ? stored.value : stored.error;
}

function whyBroken(fault: unknown): string {
  const text = fault instanceof Error ? fault.message : String(fault);
  return text === 'aborted' || /premature close/i.test(text) ? 'the client broke the connection off' : text;
}
