/**
 * UEFI HTTP boot.
 *
 * | firmware | takes | source |
 * | --- | --- | --- |
 * | EDK2 | an offer whose class begins with HTTPClient and that has a URL in 67 or `file`; by a name in the URL only with option 6 | HttpBootDhcp4.c |
 */
import { latin1Bytes } from '../../base/bytes.ts';
import { OPTION } from '../../dhcp/codes.ts';
import type { FirmwareProfile, ReplyShape } from './profile.ts';

const CLASS = latin1Bytes('HTTPClient');

const WITH_URL: ReplyShape = {
  what: 'with the class HTTPClient and a URL',
  namesFile: true,
  options: () => new Map([[OPTION.vendorClass, CLASS]]),
};

export const HTTP_BOOT: FirmwareProfile = {
  loader: 'http',
  evidence: 'EDK2 NetworkPkg/HttpBootDxe',
  needsNoFile: false,
  shapes: () => [WITH_URL],
};
