/** The operator's text for backups and images of firmware. */
import type { BackupEvent, ImageEvent } from './backup-events.ts';
import type { EventText } from './catalog.ts';

export const BACKUP_TEXTS: Readonly<Record<(BackupEvent | ImageEvent)['type'], EventText>> = {
  'backup.stored': {
    level: 'info',
    meaning:
      'What a device sent is kept as a version of its backup, and this is what is different from the version before. Times and sizes that change by themselves are not counted. With the content of the newest version nothing is stored twice.',
    action: 'None. `bootlace backups diff` shows the lines. A change that nobody made on purpose is worth a look at the device.',
  },
  'image.checked': {
    level: 'debug',
    meaning: 'An image of firmware was read as a whole, and its digests are those that `images` names, as far as it names any.',
    action: 'None.',
  },
  'image.wrong': {
    level: 'warn',
    meaning:
      'An image of firmware is not what `images` says: it was damaged or cut off on its way here, or is another release. No device gets it, by any protocol, and no answer of DHCP names it.',
    action:
      'Compare the digest with that on the page of the vendor. Copy the file again, or put the digest right; either is noticed without a restart or with `bootlace reload`.',
  },
  'image.missing': {
    level: 'warn',
    meaning: 'A file that `images` names is not under `tftp.root`, or cannot be read.',
    action: 'Put it there, or put its name right. It is noticed within seconds.',
  },
  'image.taken': {
    level: 'info',
    meaning:
      'A device has fetched an image of firmware as a whole. For the time that the line says, no DHCP answer names the image to this device: it will restart with it, and would install it again and again. A device that asks for the file by its name gets it all the same.',
    action: 'None. Is the device to be told of it again at once, set `offerAgainAfter: 0` for the image.',
  },
};
