/** Keys of `timelines`. */
import { z } from 'zod';
import { durationValue, sizeValue } from './values.ts';

export const timelinesSchema = z
  .strictObject({
    keep: durationValue.prefault('14d').describe('How long it is kept what a device did.'),
    maxSize: sizeValue.prefault('64MiB').describe('Octets that all of it may take on the disk; beyond that the oldest goes first.'),
  })
  .prefault({})
  .describe('What each device did, as `bootlace devices` shows it; kept in `timelines.db` in `server.dataDir`.');
