/** The configuration in force, as effective values with the line that each comes from. */
import { z } from 'zod';

export const configValue = z
  .object({
    path: z.string().describe('`networks[0].leaseTime`.'),
    value: z.string().describe('As it would be written; secrets are masked.'),
    line: z.number().optional().describe('Of the file; absent for a default.'),
    isDefault: z.boolean(),
    about: z.string().optional().describe('What the key is, from the reference.'),
  })
  .meta({ id: 'ConfigValue' });

export const configState = z
  .object({
    file: z.string().optional(),
    values: z.array(configValue),
    problems: z.array(z.string()).describe('What is wrong with the file as it is now, and with devices in the inventories.'),
  })
  .meta({ id: 'Config' });

export type ConfigStateShape = z.infer<typeof configState>;
export type ConfigValueShape = z.infer<typeof configValue>;
