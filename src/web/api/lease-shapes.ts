/** Leases and reservations, as they go over the API. */
import { z } from 'zod';
import { wallTime } from './plain-shapes.ts';

export const leaseRow = z
  .object({
    address: z.string(),
    mac: z.string().optional(),
    clientId: z.string().optional().describe('Option 61, in hexadecimal.'),
    name: z.string().optional(),
    vendor: z.string().optional(),
    network: z.string(),
    state: z.string().describe('bound, offered, released, quarantined, ended.'),
    since: wallTime,
    until: wallTime.optional().describe('Absent for a lease without an end.'),
    isReserved: z.boolean().describe('The configuration or an inventory gives this address to this device.'),
  })
  .meta({ id: 'Lease' });

export const leaseList = z.object({ leases: z.array(leaseRow) }).meta({ id: 'Leases' });

export const reservation = z
  .object({
    mac: z.string().max(64),
    address: z.string().max(64),
    name: z.string().max(255).optional(),
  })
  .meta({ id: 'Reservation' });

export const reserved = z
  .object({
    place: z.string().describe('File and line.'),
    advice: z.string().optional().describe('What has to be written into the configuration before it counts.'),
  })
  .meta({ id: 'Reserved' });

export type LeaseShape = z.infer<typeof leaseRow>;
export type ReservationShape = z.infer<typeof reservation>;
