/** Keys of `leasequery`. */
import { z } from 'zod';
import { networkOrAddressValue } from './values.ts';

export const leasequerySchema = z
  .strictObject({
    allow: z.array(networkOrAddressValue).default([]).describe('Networks and addresses that may ask. Nobody may while it is empty.'),
  })
  .prefault({})
  .describe('Answers to relay agents and other programs that ask who has an address (RFC 4388).');
