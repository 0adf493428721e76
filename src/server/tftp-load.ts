/** What a transfer moves. */
import type { FileSink } from '../files/catalog.ts';
import type { OpenedFile } from '../files/opened-file.ts';
import type { WireImage, WireSource } from '../files/wire-image.ts';
import type { ReadSession } from '../tftp/read-session.ts';
import type { WriteSession } from '../tftp/write-session.ts';

/** What is transferred, and by which rules. */
export type Load =
  | {
      readonly direction: 'read';
      readonly session: ReadSession;
      readonly file: OpenedFile;
      readonly source: WireSource;
      readonly image: WireImage;
    }
  | { readonly direction: 'write'; readonly session: WriteSession; readonly sink: FileSink };
