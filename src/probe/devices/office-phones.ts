/**
 * Phones whose way to their server is peculiar to their maker: option 43 in their own dialect, 114, 242.
 * Sources: the makers' provisioning guides and public provisioning plug-ins.
 */
import { latin1Text } from '../../base/bytes.ts';
import { type Device, failed, type Verdict } from '../device.ts';
import { allOf, type FetchedFile, fetchFile, firstOf, textOf } from '../fetching.ts';
import type { Course, Life } from '../life.ts';
import { locate, nowhere, SET_TFTP_SERVER } from '../locate.ts';
import { besides, inFolder, type Place, readPlace } from '../place.ts';
import type { Lease } from '../reply.ts';
import { bootByNames } from './desk-phones.ts';
import { asksFor, capitalMac, clientId, dashedMac, hostName, largestMessage, plainMac, vendorClass } from './option-bytes.ts';
import { configured, firstMatch, unconfigured } from './phone-verdict.ts';

/** A sub-option of 43 as a text; without one, undefined. */
function vendorText({ ack }: Lease, code: number): string | undefined {
  const value = ack.vendorOptions?.get(code);
  return value && latin1Text(value).replace(/\0.*$/s, '');
}

/** A place that option 43 names. */
function byVendorOption(life: Life, lease: Lease, code: number): Place | undefined {
  const text = vendorText(lease, code);
  const place = text === undefined ? undefined : readPlace(text);
  if (place === undefined) return undefined;
  life.thinks(place.ok ? `takes the server from option 43, sub-option ${code}: ${text}` : `cannot use option 43: ${place.error}`);
  return place.ok ? place.value : undefined;
}

export const SNOM: Device = {
  name: 'snom',
  title: 'snom D785',
  mac: '00:04:13:7a:bb:cc',
  dhcp: {
    options: (mac) => [
      clientId(mac),
      hostName(`snomD785-${capitalMac(mac)}`),
      vendorClass('snomD785'),
      asksFor(1, 2, 3, 4, 6, 12, 15, 42, 43, 66, 67, 120, 132, 133),
    ],
  },
  http: { headers: () => ({ 'User-Agent': 'Mozilla/4.0 (compatible; snomD785-SIP 10.1.54.13)' }) },
  *boot(life, lease) {
    const server = byVendorOption(life, lease, 66) ?? locate(life, lease, [66]);
    if (server === undefined) return nowhere([43, 66], SET_TFTP_SERVER);
    const file = vendorText(lease, 67) ?? lease.ack.bootFile;
    const own = file?.replaceAll('{mac}', capitalMac(life.mac));
    const names = own === undefined ? ['snomD785.htm', `snomD785-${capitalMac(life.mac)}.htm`] : [own];
    const files = yield* allOf(life, server, names);
    const all = [...files];
    for (const one of files) all.push(...(yield* settingFiles(life, one)));
    const last = all.at(-1);
    if (last === undefined) return unconfigured(life, server, names);
    return configured(last, firstMatch(all.map(textOf).join('\n'), /<user_host[^>]*>([^<]*)</, /^user_host1[&!$]?:\s*(\S+)/m));
  },
};

/** `<file url="…"/>` */
function* settingFiles(life: Life, list: FetchedFile): Course<readonly FetchedFile[]> {
  const found: FetchedFile[] = [];
  for (const [, url = ''] of textOf(list).matchAll(/<file\s+url="([^"]+)"/g)) {
    const place = besides(list.place, url.replaceAll('{mac}', capitalMac(life.mac)));
    const fetched = place.ok ? yield* fetchFile(life, place.value) : undefined;
    if (fetched?.got === 'file') found.push(fetched);
  }
  return found;
}

export const AVAYA_J179: Device = {
  name: 'avaya-j179',
  title: 'Avaya J179, SIP firmware',
  mac: '50:cd:22:b2:73:12',
  dhcp: {
    options: (mac) => [
      clientId(mac),
      hostName(`AVX${capitalMac(mac).slice(6)}`),
      largestMessage(1000),
      vendorClass('ccp.avaya.com'),
      asksFor(1, 3, 6, 7, 12, 15, 26, 42, 43, 51, 52, 53, 54, 58, 59, 242),
    ],
  },
  http: { headers: (mac) => ({ 'User-Agent': `Mozilla/4.0 (compatible; MSIE 6.0) AVAYA/J179-4.1.3.0.6 (MAC:${plainMac(mac)})` }) },
  *boot(life, lease) {
    const place = avayaServer(life, lease);
    if (place === undefined) return failed('no option 242 with HTTPSRVR, and no siaddr: set provision or options.avayaSettings');
    const upgrade = yield* fetchFile(life, inFolder(place, 'J100Supgrade.txt'));
    if (upgrade.got === 'nothing') return failed(`its web server gives nothing: ${upgrade.why}`);
    const names = ['46xxsettings.txt'];
    const file = yield* firstOf(life, place, names);
    if (file === undefined) return unconfigured(life, place, ['J100Supgrade.txt', ...names]);
    return configured(file, firstMatch(textOf(file), /^\s*SET\s+SIP_CONTROLLER_LIST\s+"?([^"\s;]+)/m));
  },
};

/** The web server: `HTTPSRVR` and `HTTPDIR` of option 242 beat siaddr. */
function avayaServer(life: Life, { ack }: Lease): Place | undefined {
  const settings = ack.text(242);
  const parameter = (name: string) =>
    settings
      ?.split(',')
      .find((one) => one.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  const host = parameter('HTTPSRVR');
  if (host === undefined) return locate(life, { ack }, ['siaddr'], 'http');
  const place = readPlace(
    `http://${host}${parameter('HTTPPORT') === undefined ? '' : `:${parameter('HTTPPORT')}`}/${parameter('HTTPDIR') ?? ''}`,
  );
  life.thinks(place.ok ? `takes the server from option 242: HTTPSRVR=${host}` : `cannot use option 242: ${place.error}`);
  return place.ok ? place.value : undefined;
}

export const MITEL: Device = {
  name: 'mitel',
  title: 'Mitel 6867i',
  mac: '00:08:5d:12:34:56',
  dhcp: {
    options: (mac) => [
      clientId(mac),
      hostName(`6867i${capitalMac(mac)}`),
      vendorClass('AastraIPPhone6867i'),
      asksFor(1, 3, 6, 12, 15, 42, 43, 66, 67, 120, 132, 159, 160),
    ],
  },
  http: { headers: (mac) => ({ 'User-Agent': `Aastra6867i MAC:${dashedMac(mac).toUpperCase()} V:6.0.0.257-SIP` }) },
  *boot(life, lease): Course<Verdict> {
    const place = byVendorOption(life, lease, 2) ?? locate(life, lease, [66, 159, 160]);
    if (place === undefined) return nowhere([43, 66, 159, 160], SET_TFTP_SERVER);
    return yield* bootByNames(
      life,
      place,
      ['startup.cfg', '6867i.cfg', `${capitalMac(life.mac)}.cfg`],
      [/^sip registrar ip:\s*(\S+)/m, /^sip proxy ip:\s*(\S+)/m],
    );
  },
};

export const FANVIL: Device = {
  name: 'fanvil',
  title: 'Fanvil X4',
  mac: '0c:38:3e:07:e1:6c',
  // It says nothing of its maker: it is known by its hardware address.
  dhcp: { options: (mac) => [clientId(mac), hostName('X4'), asksFor(1, 3, 6, 12, 15, 42, 43, 66)] },
  http: { headers: (mac) => ({ 'User-Agent': `Fanvil X4 2.10.2.6887 ${plainMac(mac)}` }) },
  *boot(life, lease): Course<Verdict> {
    // Option 43 is the bare URL.
    const place = locate(life, lease, [66, 43]);
    if (place === undefined) return nowhere([43, 66], SET_TFTP_SERVER);
    return yield* bootByNames(life, place, ['f0X4hw1.100.cfg', `${plainMac(life.mac)}.cfg`], [/^SIP1 Register Addr\s*:\s*(\S+)/m]);
  },
};

export const GIGASET: Device = {
  name: 'gigaset',
  title: 'Gigaset N720 DM PRO',
  mac: '7c:2f:80:12:34:56',
  dhcp: { options: (mac) => [clientId(mac), vendorClass('Gigaset_N720_DM_PRO'), asksFor(1, 3, 6, 15, 28, 42, 114, 120)] },
  http: { headers: (mac) => ({ 'User-Agent': `Gigaset N720 DM PRO/42.250;${capitalMac(mac)}` }) },
  *boot(life, lease): Course<Verdict> {
    const place = locate(life, lease, [114]);
    if (place === undefined) return nowhere([114], 'set provision or options.captivePortal to its provisioning URL');
    return yield* bootByNames(
      life,
      place,
      [`${capitalMac(life.mac)}.xml`],
      [/RegistrarServer[^>]*(?:value="|>)([^"<]+)/, /aucS_SIP_REGISTRAR_1"[^>]*value='"([^"]+)"'/],
    );
  },
};

export const PANASONIC: Device = {
  name: 'panasonic',
  title: 'Panasonic KX-HDV230',
  mac: '00:80:f0:12:34:56',
  dhcp: { options: (mac) => [clientId(mac), vendorClass('Panasonic'), asksFor(1, 3, 6, 15, 42, 43, 66, 67, 120, 132, 159, 160)] },
  http: { headers: (mac) => ({ 'User-Agent': `Panasonic_KX-HDV230/05.100 (${plainMac(mac)})` }) },
  *boot(life, lease) {
    const place = locate(life, lease, [160, 159, 66]);
    if (place === undefined) return nowhere([66, 159, 160], SET_TFTP_SERVER);
    const names = [lease.ack.bootFile ?? 'KX-HDV230.cfg'];
    const general = yield* firstOf(life, place, names);
    if (general === undefined) return unconfigured(life, place, names);
    const path = firstMatch(textOf(general), /CFG_STANDARD_FILE_PATH="([^"]+)"/);
    const own =
      path === undefined
        ? undefined
        : besides(general.place, path.replaceAll('{MAC}', capitalMac(life.mac)).replaceAll('{mac}', plainMac(life.mac)));
    const fetched = own?.ok === true ? yield* fetchFile(life, own.value) : undefined;
    const last = fetched?.got === 'file' ? fetched : general;
    return configured(last, firstMatch(textOf(last), /SIP_RGSTR_ADDR_1="([^"]+)"/));
  },
};
