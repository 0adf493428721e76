/** What happens to files that devices keep here, and to the firmware that they get: backups and images. */
import type { Subject } from './events.ts';

/** The version of a backup that an upload has become. */
export interface StoredBackup {
  /** Of its versions, below the uploads: the device and the file. One character an octet. */
  readonly backupFolder: string;
  readonly version: number;
  /** It is what the newest version was already. */
  readonly unchanged: boolean;
}

/** What a backup changes, told after the upload. */
export type BackupEvent = Subject & {
  readonly type: 'backup.stored';
  readonly file: string;
  /** Of the newest now. */
  readonly version: number;
  readonly change: 'first' | 'unchanged' | 'changed';
  /** Lines that are others now; absent where nobody counted: no text, or too much of it. */
  readonly lines?: number | undefined;
  /** The parts of the configuration that they are in. */
  readonly where?: readonly string[] | undefined;
};

/** Images of firmware that the configuration names under `images`. */
export type ImageEvent =
  /** Its digests were computed, and are as they should be. */
  | { readonly type: 'image.checked'; readonly file: string; readonly size: number; readonly sha256: string; readonly md5: string }
  /** Its digest is another than the configuration says: nobody gets it. */
  | {
      readonly type: 'image.wrong';
      readonly file: string;
      readonly algorithm: 'SHA-256' | 'MD5';
      readonly expected: string;
      readonly found: string;
    }
  /** It is not there, or cannot be read. */
  | { readonly type: 'image.missing'; readonly file: string; readonly why: string }
  /** A device has it as a whole: for so long no DHCP answer names it to that device. */
  | (Subject & { readonly type: 'image.taken'; readonly file: string; readonly seconds: number });
