/** The log, as it goes over the API. */
import { z } from 'zod';
import { wallTime } from './plain-shapes.ts';

export const logLine = z
  .object({
    id: z.number(),
    at: wallTime,
    level: z.enum(['debug', 'info', 'warn', 'error']),
    event: z.string().describe('The kind of event, as in docs/messages.md.'),
    device: z.string().optional().describe('The id of the device that it is about.'),
    name: z.string().optional(),
    address: z.string().optional(),
    text: z.string(),
  })
  .meta({ id: 'LogLine' });

export const logPage = z.object({ lines: z.array(logLine).describe('Oldest first.') }).meta({ id: 'Log' });

export type LogLineShape = z.infer<typeof logLine>;
