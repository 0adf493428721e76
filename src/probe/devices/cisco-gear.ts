/**
 * Cisco's switches and routers without a configuration: IOS AutoInstall, IOS-XE Plug and Play, NX-OS POAP.
 * Sources: Cisco's configuration guides; the client identifier and the order of names from published captures.
 */
import { LIMITED_BROADCAST } from '../../base/addresses.ts';
import { latin1Bytes } from '../../base/bytes.ts';
import { type Device, failed, type Verdict, well } from '../device.ts';
import { type FetchedFile, fetchFile, firstOf, nameOf, octetsText, textOf } from '../fetching.ts';
import type { Life } from '../life.ts';
import { locate, nowhere, SET_TFTP_SERVER } from '../locate.ts';
import { inFolder, placeAt, readPlace } from '../place.ts';
import { asksFor, dottedMac, hostName, largestMessage, namedClientId, octets, vendorClass } from './option-bytes.ts';
import { firstMatch } from './phone-verdict.ts';

export const CATALYST: Device = {
  name: 'catalyst',
  title: 'Cisco IOS switch or router, AutoInstall',
  mac: 'c2:00:66:bb:00:00',
  dhcp: {
    broadcast: true,
    options: (mac) => [
      largestMessage(1152),
      namedClientId(`cisco-${dottedMac(mac)}-Fa0/0`),
      hostName('Router'),
      asksFor(1, 6, 15, 44, 3, 33, 150, 43),
    ],
  },
  *boot(life, lease) {
    const named = locate(life, lease, [150, 66, 'siaddr']);
    if (named === undefined) life.thinks('asks all by broadcast, as no TFTP server is named');
    const place = named ?? placeAt(LIMITED_BROADCAST);
    const bootFile = lease.ack.bootFile;
    if (bootFile !== undefined) return loaded(yield* firstOf(life, place, [bootFile]), [bootFile]);
    const table = yield* firstOf(life, place, ['network-confg', 'cisconet.cfg']);
    const host = (table && hostOf(textOf(table), life)) ?? lease.ack.text(12)?.toLowerCase();
    if (host !== undefined) life.thinks(`is ${host}`);
    const own = host === undefined ? [] : [`${host}-confg`, `${host.slice(0, 8)}.cfg`];
    const names = [...own, 'router-confg', 'ciscortr.cfg'];
    return loaded(yield* firstOf(life, place, names), ['network-confg', 'cisconet.cfg', ...names]);
  },
};

function loaded(file: FetchedFile | undefined, names: readonly string[]): Verdict {
  if (file === undefined) return failed(`got no configuration: none of ${names.join(', ')} is there`);
  return well(`got its configuration ${nameOf(file)} (${octetsText(file.octets)})`);
}

/** `ip host NAME ADDRESS` for its own address. */
function hostOf(text: string, { address }: Life): string | undefined {
  for (const [, name, of] of text.matchAll(/^\s*ip host (\S+) (\S+)/gm)) {
    const place = readPlace(of ?? '');
    if (place.ok && place.value.server === address) return name?.toLowerCase();
  }
  return undefined;
}

export const IOSXE_PNP: Device = {
  name: 'iosxe-pnp',
  title: 'Cisco Catalyst 9300, Plug and Play',
  mac: '00:42:68:aa:00:01',
  dhcp: {
    broadcast: true,
    options: (mac) => [
      largestMessage(1152),
      namedClientId(`cisco-${dottedMac(mac)}-Vl1`),
      hostName('Switch'),
      asksFor(1, 6, 15, 44, 3, 33, 150, 43, 67),
      vendorClass('ciscopnp'),
      [124, octets('000000090a43393330302d32345400')],
    ],
  },
  http: { headers: () => ({ 'User-Agent': 'Cisco PnP Agent' }) },
  *boot(life, lease) {
    const controller = lease.ack.text(43);
    if (controller?.startsWith('5A') === true) {
      const fields = controller.split(';');
      const field = (letter: string) => fields.find((one) => one.startsWith(letter))?.slice(1);
      const [address, port] = [field('I') ?? '', field('J') ?? '80'];
      const place = readPlace(`http://${address}:${port}/pnp/HELLO`);
      if (!place.ok) return failed(`cannot use option 43: ${place.error}`);
      life.thinks(`takes its controller from option 43: ${address}, port ${port}`);
      const hello = yield* fetchFile(life, place.value);
      if (hello.got !== 'file') return failed(`the controller of option 43 does not answer /pnp/HELLO: ${hello.why}`);
      return well(`reached its controller at ${address}:${port} and would ask it for work`);
    }
    const script = lease.ack.bootFile;
    if (script === undefined)
      return failed('no option 43 (5A1N;…) and no option 67 in the answer: set provision, options.vendor or a boot file');
    const place = readScript(life, script, locate(life, lease, [150, 66, 'siaddr']));
    if (place === undefined) return failed(`${script} is no URL, and no TFTP server is named: ${SET_TFTP_SERVER}`);
    const file = yield* fetchFile(life, place);
    if (file.got !== 'file') return failed(`got no script: ${file.why}`);
    return well(`got ${nameOf(file)} (${octetsText(file.octets)}) and would run it in its guest shell`);
  },
};

/** A URL, or a path on the TFTP server. */
function readScript(life: Life, text: string, server: ReturnType<typeof locate>) {
  const isUrl = /^[a-z]+:\/\//i.test(text);
  const place = isUrl ? readPlace(text) : undefined;
  if (place?.ok === false) life.thinks(`cannot go there: ${place.error}`);
  if (place !== undefined) return place.ok ? place.value : undefined;
  return server && inFolder(server, text.replace(/^\//, ''));
}

const POAP_SERIAL = 'FDO21120U8A';
/** POAP takes no offer for a shorter time (Cisco, NX-OS Fundamentals, "Power On Auto Provisioning"). */
const POAP_LEASE_SECONDS = 3600;

export const NEXUS: Device = {
  name: 'nexus',
  title: 'Cisco Nexus 9000, POAP',
  mac: '00:3a:9c:12:34:56',
  dhcp: {
    broadcast: true,
    options: () => [
      namedClientId(POAP_SERIAL),
      vendorClass('N9K-C93180YC-EX'),
      asksFor(1, 3, 6, 15, 51, 54, 66, 67, 150),
      [124, Uint8Array.of(0, 0, 0, 9, 4, ...latin1Bytes('POAP'))],
    ],
    refuses: (offer) => {
      const seconds = offer.seconds(51) ?? 0;
      if (seconds < POAP_LEASE_SECONDS)
        return `POAP wants a lease of ${POAP_LEASE_SECONDS} s at least, and this is one of ${seconds} s: set leaseTime`;
      return offer.bootFile === undefined ? 'POAP wants the name of a script (option 67): set provision or a boot file' : undefined;
    },
  },
  *boot(life, lease) {
    const server = locate(life, lease, [66, 150]);
    const script = lease.ack.bootFile ?? '';
    const place = readScript(life, script, server);
    if (place === undefined) return nowhere([66, 150], SET_TFTP_SERVER);
    const file = yield* fetchFile(life, place);
    if (file.got !== 'file') return failed(`got no script ${script}: ${file.why}`);
    const fault = sumFault(life, textOf(file));
    if (fault !== undefined) return failed(`does not run ${nameOf(file)}: ${fault}`);
    return well(`got its script ${nameOf(file)} (${octetsText(file.octets)}), whose sum is right, and would run it`);
  },
};

/** The sum in the line `#md5sum="…"` is that of the script without this line. */
function sumFault(life: Life, text: string): string | undefined {
  const said = firstMatch(text, /^#md5sum="?([0-9a-f]{32})"?/m);
  if (said === undefined) return 'it has no line #md5sum="…"';
  const without = text.replace(/^#md5sum=.*\n?/m, '');
  const sum = life.md5(latin1Bytes(without));
  return sum === said ? undefined : `its sum is ${sum}, and its line says ${said}`;
}
