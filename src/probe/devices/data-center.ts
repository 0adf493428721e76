/**
 * Switches of data centres: zero-touch provisioning of Arista, Juniper, SONiC and Cumulus.
 * Sources: the makers' manuals; sonic-net's ZTP document; vendor classes as public DHCP servers parse them.
 */
import { latin1Bytes, latin1Text } from '../../base/bytes.ts';
import { type Device, failed, type Verdict, well } from '../device.ts';
import { allOf, type FetchedFile, fetchFile, nameOf, octetsText, textOf } from '../fetching.ts';
import type { Course, Life } from '../life.ts';
import { locate, nowhere, SET_TFTP_SERVER, type Source } from '../locate.ts';
import { besides, inFolder, type Place, readPlace } from '../place.ts';
import type { Lease } from '../reply.ts';
import { asksFor, clientId, hostName, namedClientId, vendorClass } from './option-bytes.ts';

/** The URL of an option, or its path on the TFTP server of another. */
export function scriptPlace(life: Life, lease: Lease, script: string, servers: readonly Source[]): Place | undefined {
  const isUrl = /^[a-z]+:\/\//i.test(script);
  if (!isUrl) {
    const server = locate(life, lease, servers);
    return server && inFolder(server, script.replace(/^\//, ''));
  }
  const place = readPlace(script);
  if (!place.ok) life.thinks(`cannot go to ${script}: ${place.error}`);
  return place.ok ? place.value : undefined;
}

export const ARISTA: Device = {
  name: 'arista',
  title: 'Arista EOS, zero-touch provisioning',
  mac: '00:1c:73:0c:ab:12',
  dhcp: {
    broadcast: true,
    options: (mac) => [clientId(mac), asksFor(1, 3, 6, 12, 15, 43, 66, 67), vendorClass('Arista;DCS-7050S-64;01.23;JPE12221671')],
  },
  http: {
    headers: (mac) => ({
      'X-Arista-SystemMAC': mac,
      'X-Arista-ModelName': 'DCS-7050S-64',
      'X-Arista-HardwareVersion': '01.23',
      'X-Arista-Serial': 'JPE12221671',
      'X-Arista-SoftwareVersion': '4.28.3M',
      'X-Arista-Architecture': 'i386',
    }),
  },
  *boot(life, lease) {
    const url = lease.ack.bootFile;
    if (url === undefined) return nowhere([67], 'set provision or a boot file');
    const place = scriptPlace(life, lease, url, [66, 'siaddr']);
    if (place === undefined) return failed(`cannot fetch ${url}: it has to be a URL, or a path with a TFTP server (option 66)`);
    const file = yield* fetchFile(life, place);
    if (file.got !== 'file') return failed(`got nothing from ${url}: ${file.why}`);
    const isScript = textOf(file).startsWith('#!');
    return well(
      `got ${nameOf(file)} (${octetsText(file.octets)}) and would ${isScript ? 'run this script' : 'take it as its startup-config'}`,
    );
  },
};

/** Sub-options of 43, all of them text (Junos, "Zero Touch Provisioning"). */
const JUNOS = { image: 0, config: 1, mode: 3 } as const;

export const JUNIPER: Device = {
  name: 'juniper',
  title: 'Juniper QFX, zero-touch provisioning',
  mac: '54:e0:32:12:34:56',
  dhcp: {
    broadcast: true,
    options: () => [asksFor(3, 51, 1, 15, 6, 66, 67, 120, 44, 43, 150, 12, 7, 42), vendorClass('Juniper-qfx10002-36q-DN817')],
    request: ([list, ...rest], requested, server) => [server, ...(list === undefined ? [] : [list]), requested, ...rest],
  },
  http: { headers: () => ({ 'User-Agent': 'fetch libfetch/2.0' }) },
  *boot(life, lease): Course<Verdict> {
    const named = vendorTexts(lease);
    const mode = named.get(JUNOS.mode)?.toLowerCase() ?? 'tftp';
    const server = locate(life, lease, [150, 66], mode === 'http' ? 'http' : 'tftp');
    if (server === undefined) return nowhere([66, 150], SET_TFTP_SERVER);
    const wanted = [JUNOS.image, JUNOS.config].flatMap((code) => named.get(code) ?? []);
    if (wanted.length > 0) {
      life.thinks(`takes from option 43: ${[...named].map(([code, text]) => `${code} ${text}`).join(', ')}`);
      if (mode !== 'tftp' && mode !== 'http') return failed(`option 43 wants ${mode} (sub-option 3), which is not served: tftp or http`);
    }
    const host = lease.ack.text(12);
    const names = wanted.length > 0 ? wanted : [...(host === undefined ? [] : [`${host}.conf`]), 'network.conf', 'router.conf'];
    const files = yield* allOf(
      life,
      server,
      names.map((name) => name.replace(/^\//, '')),
    );
    const config =
      wanted.length > 0 ? files.find((file) => file.place.path.endsWith((named.get(JUNOS.config) ?? '').replace(/^\//, ''))) : files[0];
    if (config === undefined || (wanted.length > 0 && files.length < wanted.length))
      return failed(`got no configuration: ${missing(names, files)}`);
    return well(`got ${files.map((file) => `${nameOf(file)} (${octetsText(file.octets)})`).join(' and ')} and would commit it`);
  },
};

function vendorTexts({ ack }: Lease): ReadonlyMap<number, string> {
  return new Map([...(ack.vendorOptions ?? [])].map(([code, value]) => [code, latin1Text(value).replace(/\0.*$/s, '')]));
}

function missing(names: readonly string[], files: readonly FetchedFile[]): string {
  const lost = names.filter((name) => !files.some((file) => file.place.path.endsWith(name.replace(/^\//, ''))));
  return `${lost.join(', ')} ${lost.length === 1 ? 'is' : 'are'} not there`;
}

const SONIC_SERIAL = 'MT1822K07815';

export const SONIC: Device = {
  name: 'sonic',
  title: 'SONiC, zero-touch provisioning',
  mac: '1c:34:da:12:34:56',
  dhcp: {
    options: () => [
      namedClientId(`SONiC##Mellanox-SN2700##${SONIC_SERIAL}`),
      [77, latin1Bytes('SONiC-ZTP')],
      asksFor(1, 3, 6, 12, 15, 26, 42, 66, 67, 224, 225, 226, 239),
    ],
  },
  http: {
    headers: (mac) => ({
      'User-Agent': 'SONiC-ZTP/0.1',
      'PRODUCT-NAME': 'Mellanox-SN2700',
      'SERIAL-NUMBER': SONIC_SERIAL,
      'BASE-MAC-ADDRESS': mac,
      'SONiC-VERSION': 'SONiC.202211.1',
    }),
  },
  *boot(life, lease) {
    const [json, script] = [lease.ack.bootFile, lease.ack.text(239)];
    const wanted = json ?? script;
    if (wanted === undefined) return nowhere([67, 239], 'set provision, a boot file or options.ztpScript');
    life.thinks(json === undefined ? `takes the script of option 239: ${wanted}` : `takes the ZTP file of option 67: ${wanted}`);
    const place = scriptPlace(life, lease, wanted, [66, 'siaddr']);
    if (place === undefined) return failed(`cannot fetch ${wanted}: it has to be a URL, or a path with a TFTP server (option 66)`);
    const file = yield* fetchFile(life, place);
    if (file.got !== 'file') return failed(`got nothing from ${wanted}: ${file.why}`);
    if (json === undefined) return well(`got its script ${nameOf(file)} (${octetsText(file.octets)}) and would run it`);
    return yield* sonicSections(life, file);
  },
};

/** Every section is a file or a plug-in; they are worked off in the order of their names. */
function* sonicSections(life: Life, file: FetchedFile): Course<Verdict> {
  const sections = ztpSections(textOf(file));
  if (sections === undefined) return failed(`cannot use ${nameOf(file)}: it is no JSON object with a member "ztp"`);
  const names = Object.keys(sections).toSorted();
  for (const name of names) {
    const source = sourceOf(sections[name]);
    life.thinks(`section ${name}${source === undefined ? '' : `: ${source}`}`);
    if (source === undefined) continue;
    const place = besides(file.place, source);
    const fetched = place.ok ? yield* fetchFile(life, place.value) : undefined;
    if (fetched?.got !== 'file')
      return failed(`section ${name} fails: ${place.ok ? (fetched?.got === undefined ? '' : fetched.why) : place.error}`);
  }
  return well(
    `got its ZTP file ${nameOf(file)} (${octetsText(file.octets)}) with ${names.length} sections (${names.join(', ')}), and everything that they name`,
  );
}

function ztpSections(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const { ztp } = JSON.parse(text) as { readonly ztp?: Readonly<Record<string, unknown>> };
    return typeof ztp === 'object' && ztp !== null ? ztp : undefined;
  } catch {
    return undefined;
  }
}

/** `url` or `plugin.url`, as a text or as an object with `source`. */
function sourceOf(section: unknown, depth = 0): string | undefined {
  if (depth > 2) return undefined;
  const { url, plugin, source } = (typeof section === 'object' && section !== null ? section : {}) as Readonly<Record<string, unknown>>;
  if (typeof source === 'string') return source;
  if (typeof url === 'string') return url;
  return url === undefined ? (plugin === undefined ? undefined : sourceOf(plugin, depth + 1)) : sourceOf(url, depth + 1);
}

export const CUMULUS: Device = {
  name: 'cumulus',
  title: 'Cumulus Linux, zero-touch provisioning',
  mac: '44:38:39:12:34:56',
  dhcp: { options: () => [hostName('cumulus'), vendorClass('cumulus-linux x86_64'), asksFor(1, 28, 2, 3, 15, 6, 12, 42, 121, 239)] },
  http: {
    headers: (mac) => ({
      'User-Agent': 'CumulusLinux-AutoProvision/0.4',
      'CUMULUS-ARCH': 'x86_64',
      'CUMULUS-MANUFACTURER': 'Mellanox',
      'CUMULUS-PRODUCTNAME': 'MSN2700',
      'CUMULUS-SERIAL': 'MT1822K07816',
      'CUMULUS-BASE-MAC': mac,
      'CUMULUS-MGMT-MAC': mac,
      'CUMULUS-VERSION': '5.4.0',
      'CUMULUS-PROV-COUNT': '0',
      'CUMULUS-PROV-MAX': '32',
    }),
  },
  *boot(life, lease) {
    const url = lease.ack.text(239);
    if (url === undefined) return nowhere([239], 'set provision or options.ztpScript');
    const place = readPlace(url);
    if (!place.ok) return failed(`cannot use option 239: ${place.error}`);
    const file = yield* fetchFile(life, place.value);
    if (file.got !== 'file') return failed(`got no script from ${url}: ${file.why}`);
    if (!textOf(file).includes('CUMULUS-AUTOPROVISIONING'))
      return failed(`does not run ${nameOf(file)}: the word CUMULUS-AUTOPROVISIONING is not in it`);
    return well(`got its script ${nameOf(file)} (${octetsText(file.octets)}) and would run it`);
  },
};
