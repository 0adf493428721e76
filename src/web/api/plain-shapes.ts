/** What shapes of the API share. */
import { z } from 'zod';

/** Milliseconds since 1970, as `Date.now()`. */
export const wallTime = z.number().describe('Milliseconds since 1970.');

/** Every answer with a status of 400 and above. */
export const apiFault = z
  .object({
    error: z.string().describe('What is wrong and what to do, for people.'),
    details: z.array(z.string()).optional().describe('All of it, where there is more than one thing.'),
  })
  .meta({ id: 'Fault' });
export type ApiFault = z.infer<typeof apiFault>;
