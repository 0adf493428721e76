/** Files on their way, as they go over the API. */
import { z } from 'zod';
import { wallTime } from './plain-shapes.ts';

export const transferState = z
  .object({
    id: z.string().describe('Protocol and number: `tftp-17`.'),
    protocol: z.enum(['tftp', 'http']),
    direction: z.enum(['read', 'write']).describe('Seen from the device.'),
    path: z.string(),
    address: z.string().optional(),
    device: z.string().optional().describe('The id of the device.'),
    name: z.string().optional(),
    size: z.number().optional().describe('Octets, where known beforehand.'),
    octets: z.number(),
    rate: z.number().describe('Octets a second: of the last moment while it is on its way, of the whole when it has ended.'),
    blockSize: z.number().optional(),
    window: z.number().optional(),
    resent: z.number().optional(),
    startedAt: wallTime,
    endedAt: wallTime.optional(),
    outcome: z.enum(['running', 'done', 'failed']),
    reason: z.string().optional().describe('Why it failed.'),
  })
  .meta({ id: 'Transfer' });

export const transferList = z
  .object({ transfers: z.array(transferState).describe('Those on their way, and the last hundred that have ended; newest first.') })
  .meta({ id: 'Transfers' });

export type TransferShape = z.infer<typeof transferState>;
