/**
 * U-Boot, and clients that say nothing of their firmware.
 *
 * | it | takes | source |
 * | --- | --- | --- |
 * | U-Boot | the name in `file` alone: option 67 is passed over by many builds; 209 names the menu for `pxe boot` | net/bootp.c, cmd/pxe.c |
 * | others | what they ask for | |
 */
import type { FirmwareProfile, ReplyShape } from './profile.ts';

const NOTHING_MORE: ReplyShape = { what: 'with the file alone', namesFile: true, options: () => new Map() };

export const UBOOT: FirmwareProfile = {
  loader: 'uboot',
  evidence: 'U-Boot net/bootp.c, cmd/pxe.c',
  needsNoFile: false,
  shapes: () => [NOTHING_MORE],
};

export const OTHER: FirmwareProfile = { ...UBOOT, loader: 'other', evidence: 'RFC 2131 §4.3.1' };
