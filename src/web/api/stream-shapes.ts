/**
 * What `/api/v1/events` sends (server-sent events): the name of a message is a key of `streamMessages`, its data JSON of that shape. Who reads too
 * slowly loses the oldest, and is told how many.
 */
import { z } from 'zod';
import { deviceChange } from './device-shapes.ts';
import { logLine } from './log-shapes.ts';
import { serverState } from './server-shapes.ts';
import { transferState } from './transfer-shapes.ts';

export const streamMessages = {
  /** What changed about devices, a few times a second at most. */
  devices: z.object({ changes: z.array(deviceChange), missed: z.number() }),
  transfers: z.object({ transfers: z.array(transferState) }),
  log: z.object({ lines: z.array(logLine), missed: z.number() }),
  /** Leases have changed: ask for them again. */
  leases: z.object({}),
  /** At the beginning, and when what is served changes. */
  server: serverState,
} as const;

export const STREAM_TOPICS = [
  'devices',
  'transfers',
  'log',
  'leases',
  'server',
] as const satisfies readonly (keyof typeof streamMessages)[];
export type StreamTopic = (typeof STREAM_TOPICS)[number];
export type StreamMessage<T extends StreamTopic> = z.infer<(typeof streamMessages)[T]>;
