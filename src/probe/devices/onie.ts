/** ONIE, the installer environment of open switches. Source: opencomputeproject/onie, `rootconf/default/lib/onie`. */
import { type Ipv4, ipv4At, showIpv4 } from '../../base/addresses.ts';
import { latin1Bytes, latin1Text } from '../../base/bytes.ts';
import { type Device, failed, type Verdict, well } from '../device.ts';
import { fetchFile, nameOf, octetsText } from '../fetching.ts';
import type { Course, Life } from '../life.ts';
import { inFolder, type Place, placeAt, readPlace } from '../place.ts';
import { encapsulated, type Lease } from '../reply.ts';
import { asksFor, dashedMac, largestMessage, namedClientId, octets, vendorClass } from './option-bytes.ts';

const MACHINE = 'dellemc_s5200_c3538';
const PLATFORM = `x86_64-${MACHINE}-r0`;
const SERIAL = 'TW0ABCDEF0001';
const ENTERPRISE = 42623;

/** Without and with the ending that web servers like to see. */
const DEFAULT_NAMES = [
  `onie-installer-${PLATFORM}`,
  `onie-installer-x86_64-${MACHINE}`,
  `onie-installer-${MACHINE}`,
  'onie-installer-x86_64-bcm',
  'onie-installer-x86_64',
  'onie-installer',
].flatMap((name) => [name, `${name}.bin`]);

export const ONIE: Device = {
  name: 'onie',
  title: 'Open switch with ONIE (Dell S5200)',
  mac: '54:bf:64:12:34:56',
  dhcp: {
    options: () => [
      namedClientId(SERIAL),
      largestMessage(576),
      asksFor(1, 3, 6, 7, 12, 15, 28, 42, 43, 54, 66, 67, 72, 114, 125),
      vendorClass(`onie_vendor:${PLATFORM}`),
      [77, Uint8Array.of(20, ...latin1Bytes('onie_dhcp_user_class'))],
      [125, octets('0000a67f20031364656c6c656d635f73353230305f633335333804067838365f3634050130')],
    ],
    patienceMs: [2000, 2000],
  },
  http: {
    headers: (mac) => ({
      'User-Agent': 'onie/1.0 (Linux-4.9.95; BusyBox-v1.25.1)',
      'ONIE-SERIAL-NUMBER': SERIAL,
      'ONIE-ETH-ADDR': mac,
      'ONIE-VENDOR-ID': '674',
      'ONIE-MACHINE': MACHINE,
      'ONIE-MACHINE-REV': '0',
      'ONIE-ARCH': 'x86_64',
      'ONIE-OPERATION': 'os-install',
    }),
  },
  *boot(life, lease) {
    for (const url of exactUrls(lease)) {
      const place = readPlace(url);
      if (!place.ok) {
        life.thinks(`passes over ${url}: ${place.error}`);
        continue;
      }
      const outcome = yield* tryOne(life, place.value);
      if (outcome !== undefined && outcome !== 'silence') return outcome;
    }
    return (
      (yield* byWeb(life, lease)) ??
      (yield* byTftp(life, lease)) ??
      failed('found no installer: neither a URL (125, 114, 67), nor one by its default names')
    );
  },
};

/** Option 125 with its installer's URL, then 114, then 67 where that is a URL. */
function exactUrls({ ack }: Lease): readonly string[] {
  const own = ack.octets(125);
  const isOurs = own !== undefined && own.length > 5 && ipv4At(own) === ENTERPRISE;
  const url = isOurs ? encapsulated(own.subarray(5))?.get(1) : undefined;
  const bootFile = ack.bootFile;
  return [
    ...(url === undefined ? [] : [latin1Text(url)]),
    ...(ack.text(114) === undefined ? [] : [ack.text(114) ?? '']),
    ...(bootFile !== undefined && /^[a-z]+:\/\//.test(bootFile) ? [bootFile] : []),
  ];
}

function* tryOne(life: Life, place: Place): Course<Verdict | 'silence' | undefined> {
  const fetched = yield* fetchFile(life, place);
  if (fetched.got === 'file') return well(`got its installer ${nameOf(fetched)} (${octetsText(fetched.octets)}) and would run it`);
  return fetched.got === 'nothing' ? 'silence' : undefined;
}

/** Web servers by the default names: 72, siaddr, 54, 150, 66. */
function* byWeb(life: Life, { ack }: Lease): Course<Verdict | undefined> {
  const servers = uniqueServers([ack.address(72), ack.nextServer, ack.server, ack.address(150), addressIn(ack.text(66))]);
  for (const server of servers) {
    life.thinks(`looks for a web server at ${showIpv4(server)}`);
    for (const name of DEFAULT_NAMES) {
      const outcome = yield* tryOne(life, placeAt(server, name, 'http'));
      if (outcome === 'silence') break;
      if (outcome !== undefined) return outcome;
    }
  }
  return undefined;
}

/** TFTP: the file of option 67, then the waterfall of folders; silence ends it. */
function* byTftp(life: Life, { ack, address }: Lease): Course<Verdict | undefined> {
  const [server] = uniqueServers([ack.nextServer, addressIn(ack.text(66)), ack.address(150), ack.server]);
  if (server === undefined) return undefined;
  const root = placeAt(server);
  const digits = address.toString(16).toUpperCase().padStart(8, '0');
  const folders = [dashedMac(life.mac), ...Array.from({ length: 8 }, (_, cut) => digits.slice(0, 8 - cut))];
  const bootFile = ack.bootFile;
  const names = [
    ...(bootFile === undefined || bootFile.includes('://') ? [] : [bootFile]),
    ...folders.map((folder) => `${folder}/onie-installer-${PLATFORM}`),
    ...DEFAULT_NAMES,
  ];
  for (const name of names) {
    const outcome = yield* tryOne(life, inFolder(root, name.replace(/^\//, '')));
    if (outcome === 'silence') return failed('a TFTP server that does not answer ends its search');
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

function uniqueServers(found: readonly (Ipv4 | undefined)[]): readonly Ipv4[] {
  return [...new Set(found.filter((server) => server !== undefined))];
}

function addressIn(text: string | undefined): Ipv4 | undefined {
  const place = text === undefined ? undefined : readPlace(text);
  return place?.ok === true ? place.value.server : undefined;
}
