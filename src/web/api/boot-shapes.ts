/** Menus, and what is chosen for each host. */
import { z } from 'zod';

export const menuEntry = z.object({ name: z.string(), title: z.string(), isDefault: z.boolean() }).meta({ id: 'MenuEntry' });

export const bootChoice = z
  .object({
    mac: z.string(),
    name: z.string().optional(),
    entry: z.string(),
    isOnce: z.boolean(),
    by: z.enum(['operator', 'configuration']),
  })
  .meta({ id: 'BootChoice' });

export const bootState = z.object({ entries: z.array(menuEntry), choices: z.array(bootChoice) }).meta({ id: 'Boot' });

export const chooseEntry = z.object({ entry: z.string().max(255), isOnce: z.boolean() }).meta({ id: 'ChooseEntry' });

export type BootStateShape = z.infer<typeof bootState>;
