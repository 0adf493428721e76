/** Avaya: J1xx and 96x1, and the 46xx of before. */
import { vendorClassOf } from '../../client-facts.ts';
import { MAC, mayMiss, mustBe, PUT_CONFIGURATION } from '../asked.ts';
import type { DeviceProfile, ProvisioningServer } from '../device-profile.ts';
import { text, urlParts } from '../dialect.ts';

const SSON = 242;
/** Of the 46xx, which know TFTP as well. */
const SSON_46XX = 176;
const HTTP_PORT = 80;
const HTTPS_PORT = 443;

/** `L2Q=1,L2QVLAN=100,HTTPSRVR=192.0.2.5,HTTPPORT=8080,HTTPDIR=phones`: they fetch by HTTP and HTTPS alone. */
function parameters({ url, vlan }: ProvisioningServer): string {
  const { scheme, host, port, path } = urlParts(url);
  const kind = scheme === 'https' ? 'TLS' : 'HTTP';
  const usual = kind === 'TLS' ? HTTPS_PORT : HTTP_PORT;
  return [
    ...(vlan === undefined ? [] : ['L2Q=1', `L2QVLAN=${vlan}`]),
    `${kind}SRVR=${host}`,
    ...(port === undefined || port === usual ? [] : [`${kind}PORT=${port}`]),
    ...(path === '' ? [] : [`${kind}DIR=${path}`]),
  ].join(',');
}

export const AVAYA: DeviceProfile = {
  name: 'avaya',
  title: 'Avaya phone',
  kind: 'phone',
  evidence:
    'class and host name: the audit log of another DHCP server; names of parameters, of files and of options 242 and 176: Avaya installation guides; the parameter list is common knowledge',
  signs: { classes: ['ccp.avaya.com'] },
  recognise(packet) {
    return /^ccp\.avaya\.com/i.test(vendorClassOf(packet)) ? { model: undefined, serial: undefined } : undefined;
  },
  provision(server) {
    const tftp = urlParts(server.written).host;
    return new Map([text(SSON, parameters(server)), text(SSON_46XX, `TFTPSRVR=${tftp},${parameters(server)}`)]);
  },
  prefersHttp: true,
  files: [
    mayMiss(
      '(?:96x1|J100|46xx|96xx)[SH]?upgrade\\.(?:txt|scr)',
      'upgrade file',
      'it keeps the firmware that it has, and goes on to 46xxsettings.txt',
    ),
    mustBe('46xxsettings\\.txt', 'settings', PUT_CONFIGURATION),
    mayMiss(`${MAC}\\.cfg`, 'configuration', '46xxsettings.txt is enough for it'),
  ],
};
