/** Devices that the configuration and its inventories know, and those that were seen without being known. */
import { z } from 'zod';

export const knownDevice = z
  .object({
    mac: z.string().optional(),
    name: z.string().optional(),
    address: z.string().optional(),
    profile: z.string().optional(),
    model: z.string().optional(),
    serial: z.string().optional(),
    vars: z.record(z.string(), z.string()).describe('Secrets are masked.'),
    place: z.string().describe('File and line.'),
    files: z.array(z.string()).describe('Names of files that are made for it.'),
  })
  .meta({ id: 'KnownDevice' });

export const unknownDevice = z
  .object({
    mac: z.string(),
    address: z.string().optional(),
    name: z.string().optional(),
    vendor: z.string().optional(),
    profile: z.string().optional(),
    model: z.string().optional(),
    serial: z.string().optional(),
  })
  .meta({ id: 'UnknownDevice' });

export const inventory = z
  .object({
    known: z.array(knownDevice),
    unknown: z.array(unknownDevice),
    file: z.string().describe('Where a device that is adopted is written to; empty where no file of a configuration names one.'),
    profiles: z.array(z.string()).describe('Names of families.'),
  })
  .meta({ id: 'Inventory' });

export const adoption = z
  .object({
    mac: z.string(),
    name: z.string().max(255).optional(),
    profile: z.string().max(64).optional(),
    model: z.string().max(64).optional(),
    serial: z.string().max(64).optional(),
    address: z.string().max(64).optional(),
    vars: z.record(z.string().max(64), z.string().max(1_024)).optional(),
  })
  .meta({ id: 'Adoption' });

export type InventoryShape = z.infer<typeof inventory>;
export type KnownDeviceShape = z.infer<typeof knownDevice>;
export type UnknownDeviceShape = z.infer<typeof unknownDevice>;
export type AdoptionShape = z.infer<typeof adoption>;
