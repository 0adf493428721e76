/** Switches of offices: AOS-CX, Comware, Dell, Extreme; and MikroTik's boot loader. Sources: the makers' configuration guides. */
import { ipv4At } from '../../base/addresses.ts';
import { latin1Text } from '../../base/bytes.ts';
import { type Device, failed, type Verdict, well } from '../device.ts';
import { allOf, type FetchedFile, fetchFile, firstOf, nameOf, octetsText, textOf } from '../fetching.ts';
import type { Course, Life } from '../life.ts';
import { locate, nextServerPlace, nowhere, SET_TFTP_SERVER } from '../locate.ts';
import { inFolder, type Place, placeAt, readPlace, showPlace } from '../place.ts';
import { scriptPlace } from './data-center.ts';
import { asksFor, clientId, hostName, namedClientId, plainMac, vendorClass } from './option-bytes.ts';

function took(files: readonly FetchedFile[], does: string): Verdict {
  return well(`got ${files.map((file) => `${nameOf(file)} (${octetsText(file.octets)})`).join(' and ')} and would ${does}`);
}

export const ARUBA_CX: Device = {
  name: 'aruba-cx',
  title: 'Aruba CX, zero-touch provisioning',
  mac: '88:3a:30:12:34:56',
  dhcp: { options: (mac) => [clientId(mac), vendorClass('Aruba JL668A 6300F'), asksFor(1, 3, 6, 12, 15, 42, 43, 60, 66, 67)] },
  *boot(life, lease): Course<Verdict> {
    const own = lease.ack.vendorOptions;
    const [config, image] = [144, 145].map((code) => {
      const value = own?.get(code);
      return value && latin1Text(value).replace(/\0.*$/s, '');
    });
    const name = config ?? lease.ack.bootFile;
    if (name === undefined)
      return failed('no option 43 with sub-option 144, and no option 67: set provision, options.vendor or a boot file');
    life.thinks(
      config === undefined
        ? `takes its configuration from option 67: ${name}`
        : `takes its configuration from option 43, sub-option 144: ${name}`,
    );
    // It takes addresses only, no names (AOS-CX, "ZTP").
    const server = locate(life, lease, [66, 'siaddr']);
    if (server === undefined) return nowhere([66], SET_TFTP_SERVER);
    const wanted = [...(image === undefined ? [] : [image]), name];
    const files = yield* allOf(life, server, wanted);
    return files.length === wanted.length
      ? took(files, 'apply it')
      : failed(`got no ${wanted.filter((one) => !files.some((file) => file.place.path.endsWith(one))).join(', ')}`);
  },
};

export const COMWARE: Device = {
  name: 'comware',
  title: 'HPE Comware (H3C), automatic configuration',
  mac: '3c:e5:a6:12:34:56',
  dhcp: {
    broadcast: true,
    options: (mac) => [
      namedClientId(`${plainMac(mac)}-VLAN0001`),
      vendorClass('H3C. H3C S5130-28S'),
      asksFor(1, 3, 6, 12, 15, 42, 43, 66, 67, 150),
    ],
  },
  *boot(life, lease): Course<Verdict> {
    const server = locate(life, lease, [66, 150, 'siaddr']);
    if (server === undefined) return nowhere([66, 150], SET_TFTP_SERVER);
    const bootFile = lease.ack.bootFile;
    const table = yield* firstOf(life, server, ['network.cfg', 'netdesc.cfg']);
    const host = (table && hostOf(textOf(table), life)) ?? lease.ack.text(12);
    const names = [...(host === undefined ? [] : [`${host}.cfg`]), ...(bootFile === undefined ? [] : [bootFile]), 'device.cfg'];
    const file = yield* firstOf(life, server, names);
    return file === undefined ? failed(`got no configuration: none of ${names.join(', ')} is there`) : took([file], 'run it');
  },
};

/** `ip host NAME ADDRESS` for its own address. */
function hostOf(text: string, { address }: Life): string | undefined {
  for (const [, name, of] of text.matchAll(/^\s*ip host (\S+) (\S+)/gm)) {
    const place = readPlace(of ?? '');
    if (place.ok && place.value.server === address) return name;
  }
  return undefined;
}

export const DELL: Device = {
  name: 'dell',
  title: 'Dell FTOS, bare metal provisioning',
  mac: '00:01:e8:12:34:56',
  dhcp: {
    options: (mac) => [
      clientId(mac),
      vendorClass('TY=DELLNTW-S4810;HW=3.0;SN=HADL123456789;ST=0;OS=9.11;US=1'),
      asksFor(1, 3, 6, 12, 15, 43, 66, 67, 150, 209),
    ],
  },
  *boot(life, lease): Course<Verdict> {
    const [image, config] = [lease.ack.bootFile, lease.ack.text(209)];
    if (config === undefined && image === undefined) return nowhere([67, 209], 'set provision, a boot file or options.pxeConfigFile');
    const files: FetchedFile[] = [];
    for (const name of [image, config]) {
      const place = name === undefined ? undefined : scriptPlace(life, lease, name, [66, 150, 'siaddr']);
      if (name !== undefined && place === undefined)
        return failed(`cannot fetch ${name}: no TFTP server is named, or it is no URL that is served`);
      const fetched = place === undefined ? undefined : yield* fetchFile(life, place);
      if (fetched !== undefined && fetched.got !== 'file') return failed(`got no ${name}, and gives its address back: ${fetched.why}`);
      if (fetched?.got === 'file') files.push(fetched);
    }
    return took(files, config === undefined ? 'install it' : 'apply it');
  },
};

/** Sub-options of 43 (Extreme, "ExtremeXOS User Guide", DHCP autoprovisioning). */
const EXOS = { server: 100, config: 101 } as const;

export const EXTREME: Device = {
  name: 'extreme',
  title: 'Extreme EXOS, autoprovisioning',
  mac: '00:04:96:12:34:56',
  dhcp: { options: (mac) => [clientId(mac), vendorClass('XSUMMIT'), asksFor(1, 3, 6, 12, 15, 43, 66, 67)] },
  *boot(life, lease): Course<Verdict> {
    const own = lease.ack.vendorOptions;
    const address = own?.get(EXOS.server);
    const config = own?.get(EXOS.config);
    const name = config === undefined ? lease.ack.bootFile : latin1Text(config).replace(/\0.*$/s, '');
    if (name === undefined)
      return failed('no option 43 with sub-option 101, and no option 67: set provision, options.vendor or a boot file');
    const server: Place | undefined = address?.length === 4 ? placeAt(ipv4At(address)) : locate(life, lease, [66, 'siaddr']);
    if (server === undefined) return failed('no option 43 with sub-option 100, and no option 66: set provision or options.tftpServer');
    const file = yield* firstOf(life, server, [name]);
    return file === undefined
      ? failed(`got no configuration ${name}`)
      : took([file], name.endsWith('.xsf') ? 'run this script' : 'load it and restart');
  },
};

export const MIKROTIK: Device = {
  name: 'mikrotik',
  title: 'MikroTik RouterBOOT',
  mac: '4c:5e:0c:12:34:56',
  dhcp: { options: () => [vendorClass('Mips_boot'), asksFor(1, 3)] },
  *boot(life, lease): Course<Verdict> {
    const name = lease.ack.bootFile;
    if (name === undefined) return failed('no boot file in the answer (field file): set a boot file for its class Mips_boot');
    const place = nextServerPlace(life, lease, '');
    if (place === undefined) return nowhere(['siaddr'], 'set boot for it');
    const fetched = yield* fetchFile(life, inFolder(place, name));
    return fetched.got === 'file' ? took([fetched], 'start it') : failed(`got no ${name}: ${fetched.why}`);
  },
};

export const UNIFI: Device = {
  name: 'unifi',
  title: 'Ubiquiti UniFi access point',
  mac: '78:8a:20:12:34:56',
  dhcp: { options: (mac) => [clientId(mac), hostName('UAP-AC-Pro'), vendorClass('ubnt'), asksFor(1, 3, 6, 12, 15, 28, 42, 43)] },
  // biome-ignore lint/correctness/useYield: it asks for no file
  *boot(_life, lease): Course<Verdict> {
    const address = lease.ack.vendorOptions?.get(1);
    if (address?.length !== 4) return failed('no option 43 with its controller (01 04 and the address): set provision or options.vendor');
    return well(`knows its controller and would report to ${showPlace(placeAt(ipv4At(address), 'inform', 'http', 8080))}`);
  },
};

export const RUCKUS_AP: Device = {
  name: 'ruckus-ap',
  title: 'Ruckus access point',
  mac: 'c4:10:8a:01:02:03',
  dhcp: { options: (mac) => [clientId(mac), vendorClass('Ruckus CPE'), asksFor(1, 3, 6, 12, 15, 28, 42, 43)] },
  // biome-ignore lint/correctness/useYield: it asks for no file
  *boot(_life, lease): Course<Verdict> {
    const own = lease.ack.vendorOptions;
    const controllers = own?.get(6) ?? own?.get(3) ?? lease.ack.octets(43);
    const text = controllers === undefined ? '' : latin1Text(controllers);
    if (!/^\d+\.\d+\.\d+\.\d+(,|$)/.test(text))
      return failed('no option 43 with its controllers (06 and their addresses as text): set provision or options.vendor');
    return well(`knows its controllers and would join ${text}`);
  },
};
