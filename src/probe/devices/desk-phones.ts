/**
 * Desk phones that look for a provisioning URL, then for a file of their own and one for all.
 * Sources: the makers' provisioning guides; option lists from fingerprint tables; the order of the requests as far as public plug-ins show it.
 */
import { type Device, failed, type Verdict } from '../device.ts';
import { inform } from '../dhcp-exchange.ts';
import { allOf, type FetchedFile, fetchFile, firstOf, textOf } from '../fetching.ts';
import type { Course, Life } from '../life.ts';
import { locate, nowhere, SET_TFTP_SERVER, type Source } from '../locate.ts';
import { besides, type Place } from '../place.ts';
import type { Lease } from '../reply.ts';
import { asksFor, clientId, hostName, largestMessage, octets, plainMac, vendorClass } from './option-bytes.ts';
import { configured, firstMatch, unconfigured } from './phone-verdict.ts';

export const POLYCOM_VVX: Device = {
  name: 'polycom-vvx',
  title: 'Polycom VVX 400',
  mac: '64:16:7f:01:02:03',
  dhcp: {
    options: (mac) => [
      clientId(mac),
      // In the form of RFC 3925, with the maker's enterprise number 13885.
      [60, octets('0000363d180210333131312d34383435302d3030312c350404352e3935')],
      asksFor(1, 28, 66, 43, 3, 4, 42, 2, 6, 15, 7, 120, 160),
    ],
  },
  http: { headers: () => ({ 'User-Agent': 'FileTransport PolycomVVX-VVX_400-UA/5.9.5.0614 Type/Application' }) },
  *boot(life, lease) {
    const sources = [160, 66];
    const place = yield* locateOrAsk(life, lease, sources);
    if (place === undefined) return nowhere(sources, SET_TFTP_SERVER);
    const own = plainMac(life.mac);
    const names = [`${own}.cfg`, '000000000000.cfg'];
    const master = yield* firstOf(life, place, names);
    if (master === undefined) return unconfigured(life, place, names);
    const listed = firstMatch(textOf(master), /CONFIG_FILES\s*=\s*"([^"]*)"/)?.replaceAll('[PHONE_MAC_ADDRESS]', own) ?? '';
    const files = yield* allOf(
      life,
      place,
      listed.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()])),
    );
    yield* allOf(life, place, [`${own}-phone.cfg`, `${own}-web.cfg`, `${own}-license.cfg`]);
    yield* firstOf(life, place, [`${own}-directory.xml`, '000000000000-directory.xml']);
    const all = [master, ...files];
    const registrar = firstMatch(
      all.map(textOf).join('\n'),
      /reg\.1\.server\.1\.address\s*=\s*"([^"]*)"/,
      /voIpProt\.server\.1\.address\s*=\s*"([^"]*)"/,
    );
    return configured(files.at(-1) ?? master, registrar);
  },
};

const YEALINK_FIRST_LINE = /^#!version:1\.0\.0\.1\s*$/m;

export const YEALINK_T48: Device = {
  name: 'yealink-t48',
  title: 'Yealink SIP-T48S',
  mac: '80:5e:c0:11:22:33',
  dhcp: {
    options: (mac) => [
      clientId(mac),
      hostName('SIP-T48S'),
      vendorClass('yealink'),
      asksFor(1, 2, 3, 4, 6, 7, 12, 15, 28, 42, 66, 67, 43, 100, 101, 120, 132, 133),
    ],
  },
  http: { headers: (mac) => ({ 'User-Agent': `Yealink SIP-T48S 66.86.0.15 ${mac}` }) },
  *boot(life, lease) {
    const sources = [160, 161, 66, 43];
    const place = yield* locateOrAsk(life, lease, sources);
    if (place === undefined) return nowhere(sources, SET_TFTP_SERVER);
    const own = plainMac(life.mac);
    const boot = yield* firstOf(life, place, [`${own}.boot`, 'y000000000000.boot']);
    // The hardware number 65 is the T48S's.
    const usual = ['y000000000065.cfg', `${own}.cfg`];
    const files = boot === undefined ? yield* allOf(life, place, usual) : yield* included(life, boot);
    const taken = files.filter((file) => {
      const fits = YEALINK_FIRST_LINE.test(textOf(file).split('\n', 1)[0] ?? '');
      if (!fits) life.thinks(`ignores ${file.place.path}: its first line is not #!version:1.0.0.1`);
      return fits;
    });
    const last = taken.at(-1);
    if (last === undefined)
      return files.length > 0
        ? failed('every file that it got lacks the first line #!version:1.0.0.1')
        : unconfigured(life, place, [`${own}.boot`, 'y000000000000.boot', ...usual]);
    return configured(last, firstMatch(taken.map(textOf).join('\n'), /^account\.1\.sip_server\.1\.address\s*=\s*(\S+)/m));
  },
};

/** `include:config <sip.cfg>`, one a line. */
function* included(life: Life, boot: FetchedFile): Course<readonly FetchedFile[]> {
  const found: FetchedFile[] = [];
  for (const [, bracketed, quoted] of textOf(boot).matchAll(/^include:config\s+(?:<([^>]+)>|"([^"]+)")/gm)) {
    const name = (bracketed ?? quoted ?? '').replaceAll('$mac', plainMac(life.mac));
    const place = besides(boot.place, name);
    const fetched = place.ok ? yield* fetchFile(life, place.value) : undefined;
    if (!place.ok) life.thinks(`cannot include ${name}: ${place.error}`);
    if (fetched?.got === 'file') found.push(fetched);
  }
  return found;
}

const GRANDSTREAM_MODEL = 'GXP2170';

export const GRANDSTREAM: Device = {
  name: 'grandstream',
  title: `Grandstream ${GRANDSTREAM_MODEL}`,
  mac: 'c0:74:ad:2b:d8:59',
  dhcp: {
    options: (mac) => [
      clientId(mac),
      largestMessage(1500),
      asksFor(1, 3, 6, 12, 15, 28, 42, 43, 66, 100, 101, 120, 125, 132, 160),
      vendorClass(`Grandstream ${GRANDSTREAM_MODEL} dslforum.org`),
    ],
  },
  tftp: {
    options: (mac) => [
      { name: 'blksize', value: '1024' },
      { name: 'tsize', value: '0' },
      { name: 'timeout', value: '4' },
      { name: 'grandstream_MODEL', value: GRANDSTREAM_MODEL },
      { name: 'grandstream_ID', value: plainMac(mac) },
    ],
  },
  http: { headers: (mac) => ({ 'User-Agent': `Grandstream Model HW ${GRANDSTREAM_MODEL} SW 1.0.11.79 DevId ${plainMac(mac)}` }) },
  *boot(life, lease) {
    const sources: readonly Source[] = [160, 66];
    const place = locate(life, lease, sources);
    if (place === undefined) return nowhere(sources, SET_TFTP_SERVER);
    const own = plainMac(life.mac);
    const names = [`cfg${own}`, `cfg${own}.xml`, `cfg${GRANDSTREAM_MODEL.toLowerCase()}.xml`, 'cfg.xml'];
    const file = yield* firstOf(life, place, names);
    if (file === undefined) return unconfigured(life, place, names);
    const text = textOf(file);
    const meant = firstMatch(text, /<mac>([^<]*)</);
    if (meant !== undefined && meant.toLowerCase() !== own)
      return failed(`ignores ${file.place.path}: it is for ${meant}, and this is ${own}`);
    // P47 is the SIP server of the first account.
    return configured(file, firstMatch(text, /<P47>([^<]*)</, /^P47\s*=\s*(\S+)/m));
  },
};

/** Options of the lease; where they say nothing it asks once more, by INFORM. */
function* locateOrAsk(life: Life, lease: Lease, sources: readonly Source[]): Course<Place | undefined> {
  const place = locate(life, lease, sources);
  if (place !== undefined) return place;
  const ack = yield* inform(life);
  return ack && locate(life, { ack }, sources);
}

/** For phones that only differ in their names: the first of the files that is there, and the line that says where to register. */
export function* bootByNames(life: Life, place: Place, names: readonly string[], registrar: readonly RegExp[]): Course<Verdict> {
  const files = yield* allOf(life, place, names);
  const last = files.at(-1);
  return last === undefined ? unconfigured(life, place, names) : configured(last, firstMatch(files.map(textOf).join('\n'), ...registrar));
}
