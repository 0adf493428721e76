/** The files of the root, as they go over the API. Paths are below the root, with `/`, without one at the start. */
import { z } from 'zod';
import { wallTime } from './plain-shapes.ts';

export const fileEntry = z
  .object({
    name: z.string(),
    path: z.string(),
    kind: z.enum(['folder', 'file', 'made']).describe('`made`: rendered when it is asked for.'),
    size: z.number().optional(),
    changedAt: wallTime.optional(),
    about: z.string().optional().describe('What it is by its own header, or which key of the configuration it is made from.'),
  })
  .meta({ id: 'FileEntry' });

export const fileList = z.object({ path: z.string(), entries: z.array(fileEntry) }).meta({ id: 'Files' });

/** Who would get a file, and as what. */
export const fileReaders = z
  .object({
    path: z.string(),
    readers: z.array(
      z.object({
        device: z.string(),
        name: z.string().optional(),
        why: z.string().describe('Which key names the file for it, or by which name it asks.'),
      }),
    ),
    refused: z
      .array(z.object({ device: z.string(), name: z.string().optional(), why: z.string() }))
      .describe('Devices that would be refused.'),
  })
  .meta({ id: 'FileReaders' });

export type FileEntryShape = z.infer<typeof fileEntry>;
export type FileListShape = z.infer<typeof fileList>;
export type FileReadersShape = z.infer<typeof fileReaders>;
