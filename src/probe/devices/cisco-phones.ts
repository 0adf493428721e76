/**
 * Cisco's phones. The enterprise ones ask for `SEP<MAC>.cnf.xml` and what it names, the SPA ones follow their profile rules.
 * Sources: Cisco's administration guides; lists of files in public provisioning plug-ins; option lists from fingerprint tables.
 */
import type { Mac } from '../../base/addresses.ts';
import type { Device, Verdict } from '../device.ts';
import { allOf, type FetchedFile, fetchFile, firstOf, textOf } from '../fetching.ts';
import type { Course, Life } from '../life.ts';
import { locate, nowhere, SET_TFTP_SERVER, type Source } from '../locate.ts';
import { besides, type Place, placeAt } from '../place.ts';
import { asksFor, capitalMac, clientId, hostName, plainMac, vendorClass } from './option-bytes.ts';
import { configured, firstMatch, unconfigured } from './phone-verdict.ts';

/** Option 150 first: addresses need no DNS. */
const SOURCES: readonly Source[] = [150, 66, 'siaddr', 'sname'];
/** Where CUCM has its files by HTTP, which newer phones try first. */
const HTTP_PORT = 6970;

function enterprise(model: string) {
  return {
    options: (mac: Mac) => [
      clientId(mac),
      hostName(`SEP${capitalMac(mac)}`),
      vendorClass(`Cisco Systems, Inc. IP Phone ${model}\0`),
      asksFor(1, 66, 6, 3, 15, 150, 35),
    ],
  };
}

export const CISCO_7962: Device = {
  name: 'cisco-7962',
  title: 'Cisco IP Phone 7962G, SIP firmware',
  mac: '00:1b:54:aa:bb:cc',
  dhcp: enterprise('CP-7962G'),
  *boot(life, lease) {
    const place = locate(life, lease, SOURCES);
    return place === undefined ? nowhere([66, 150], SET_TFTP_SERVER) : yield* bootEnterprise(life, place, 'SIP42.9-4-2SR3-1S');
  },
};

export const CISCO_8851: Device = {
  name: 'cisco-8851',
  title: 'Cisco IP Phone 8851, enterprise firmware',
  mac: '00:2a:10:11:22:33',
  dhcp: enterprise('CP-8851'),
  *boot(life, lease) {
    const place = locate(life, lease, SOURCES);
    if (place === undefined) return nowhere([66, 150], SET_TFTP_SERVER);
    const web = placeAt(place.server, '', 'http', HTTP_PORT);
    const probe = yield* fetchFile(life, { ...web, path: `CTLSEP${capitalMac(life.mac)}.tlv` });
    const speaks = probe.got !== 'nothing';
    life.thinks(speaks ? 'goes on by HTTP' : `falls back to TFTP, as nobody answers at port ${HTTP_PORT}`);
    return yield* bootEnterprise(life, speaks ? web : place, 'sip88xx.12-8-1-0001-455');
  },
};

/** @param load the firmware that it runs. */
function* bootEnterprise(life: Life, place: Place, load: string): Course<Verdict> {
  const own = capitalMac(life.mac);
  // Lists of trusted certificates: there are none without security, which is no fault.
  yield* allOf(life, place, [`CTLSEP${own}.tlv`, `ITLSEP${own}.tlv`, 'ITLFile.tlv']);
  const names = [`SEP${own}.cnf.xml`, 'XMLDefault.cnf.xml'];
  const file = yield* firstOf(life, place, names);
  if (file === undefined) return unconfigured(life, place, names);
  const text = textOf(file);
  yield* takeFirmware(life, place, load, firstMatch(text, /<loadInformation[^>]*>([^<]*)</));
  const named = [/<dialTemplate>([^<]*)</, /<softKeyFile>([^<]*)</].flatMap((pattern) => firstMatch(text, pattern) ?? []);
  yield* allOf(life, place, named);
  const proxy = firstMatch(text, /<proxy>(?!USECALLMANAGER)([^<]+)</);
  return configured(file, proxy ?? firstMatch(text, /<processNodeName>([^<]+)</));
}

/** What `.loads` lists is fetched, as far as it is there; without it the phone goes on with what it runs. */
function* takeFirmware(life: Life, place: Place, running: string, wanted: string | undefined): Course<void> {
  if (wanted === undefined || wanted === running) return;
  life.thinks(`is told to run ${wanted} and runs ${running}`);
  const list = yield* firstOf(life, place, [`${wanted}.loads`]);
  if (list === undefined) {
    life.thinks(`goes on with ${running}`);
    return;
  }
  const listed = new Set(Array.from(textOf(list).matchAll(/[\w.-]+\.(?:sbn|sb2|zz|jar|bin)/g), ([name]) => name));
  yield* allOf(life, place, [...listed]);
}

export const CISCO_SPA504G: Device = {
  name: 'cisco-spa504g',
  title: 'Cisco SPA504G',
  mac: '00:26:99:12:34:56',
  dhcp: {
    options: (mac) => [
      clientId(mac),
      hostName('SipuraSPA'),
      vendorClass('Cisco SPA504G'),
      asksFor(1, 3, 6, 15, 42, 43, 66, 67, 125, 150, 159, 160),
    ],
  },
  http: { headers: (mac) => ({ 'User-Agent': `Cisco/SPA504G-7.4.8a (${capitalMac(mac)})(CBT141900G7)` }) },
  *boot(life, lease) {
    const sources = [66, 159, 160, 150];
    const place = locate(life, lease, sources);
    if (place === undefined) return nowhere(sources, SET_TFTP_SERVER);
    const names = ['spa504G.cfg'];
    const general = yield* firstOf(life, place, names);
    if (general === undefined) return unconfigured(life, place, names);
    const own = yield* followRule(life, general);
    return configured(own ?? general, firstMatch(textOf(own ?? general), /<Proxy_1_[^>]*>([^<]*)</));
  },
};

/** The profile rule of a file that it got: `$MA` is its hardware address, `$PSN` its model. */
function* followRule(life: Life, general: FetchedFile): Course<FetchedFile | undefined> {
  const rule = firstMatch(textOf(general), /<Profile_Rule[^>]*>([^<]*)</);
  if (rule === undefined) return undefined;
  const name = rule.replaceAll('$MAU', capitalMac(life.mac)).replaceAll('$MA', plainMac(life.mac)).replaceAll('$PSN', '504G');
  life.thinks(`follows its profile rule ${rule}`);
  const place = besides(general.place, name);
  if (!place.ok) {
    life.thinks(`cannot: ${place.error}`);
    return undefined;
  }
  const fetched = yield* fetchFile(life, place.value);
  return fetched.got === 'file' ? fetched : undefined;
}
