/** What devices have saved here, as it goes over the API. Secrets are masked everywhere. */
import { z } from 'zod';
import { wallTime } from './plain-shapes.ts';

export const backupVersion = z
  .object({
    number: z.number(),
    at: wallTime,
    size: z.number(),
    sha256: z.string().describe('The beginning of it, as in the name of the version.'),
    summary: z.string().optional().describe('What it changes, in a sentence.'),
  })
  .meta({ id: 'BackupVersion' });

export const backupFile = z
  .object({ device: z.string(), file: z.string(), versions: z.array(backupVersion).describe('Oldest first.') })
  .meta({ id: 'Backup' });

export const backupList = z.object({ backups: z.array(backupFile) }).meta({ id: 'Backups' });

export const backupContent = z
  .object({ device: z.string(), file: z.string(), number: z.number(), isText: z.boolean(), text: z.string() })
  .meta({ id: 'BackupContent' });

/** A line of a comparison, as it stands on each side; absent on the side that has none. */
export const diffRow = z
  .object({
    kind: z.enum(['same', 'changed', 'removed', 'added', 'gap']).describe('`gap`: lines that are the same on both sides are left out.'),
    left: z.object({ line: z.number(), text: z.string() }).optional(),
    right: z.object({ line: z.number(), text: z.string() }).optional(),
    skipped: z.number().optional(),
  })
  .meta({ id: 'DiffRow' });

export const backupDiff = z
  .object({
    device: z.string(),
    file: z.string(),
    from: z.number(),
    to: z.number(),
    isText: z.boolean(),
    ignoredNoise: z.boolean(),
    added: z.number(),
    removed: z.number(),
    rows: z.array(diffRow),
  })
  .meta({ id: 'BackupDiff' });

export type BackupFileShape = z.infer<typeof backupFile>;
export type BackupContentShape = z.infer<typeof backupContent>;
export type DiffRowShape = z.infer<typeof diffRow>;
export type BackupDiffShape = z.infer<typeof backupDiff>;
