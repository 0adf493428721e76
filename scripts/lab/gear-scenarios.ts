/** Telephones and network gear that do not come up, or of which something is to be said. */
import { type Scenario, stuck } from './scenario.ts';

const PHONE = '<device><processNodeName>192.168.77.1</processNodeName></device>\n';

export const GEAR_SCENARIOS: readonly Scenario[] = [
  {
    name: 'phone-stops-at-trust-list',
    title: 'a phone that trusts another site asks for CTL and ITL, and then for nothing',
    device: 'cisco-7962',
    mac: '00:1b:54:5c:02:01',
    faults: ['stops-at-trust-list'],
    expected: stuck('phone-stops-at-trust-list'),
  },
  {
    name: 'phone-configured-and-silent',
    title: 'a phone has its configuration and is not heard of again (two minutes)',
    device: 'cisco-7962',
    mac: '00:1b:54:5c:02:02',
    files: { 'SEP001B545C0202.cnf.xml': PHONE },
    expected: { verdict: 'phone-configured-and-silent', state: 'provisioned' },
  },
  {
    name: 'configuration-not-taken',
    title: 'a phone fetches its configuration again and again',
    device: 'cisco-7962',
    mac: '00:1b:54:5c:02:03',
    files: { 'SEP001B545C0203.cnf.xml': PHONE },
    times: 4,
    expected: stuck('configuration-not-taken'),
  },
  {
    name: 'firmware-missing',
    title: 'a phone is told to run a firmware that is not there',
    device: 'cisco-7962',
    mac: '00:1b:54:5c:02:04',
    files: { 'SEP001B545C0204.cnf.xml': PHONE.replace('</device>', '<loadInformation>SIP42.9-9-9S</loadInformation></device>') },
    expected: stuck('firmware-missing'),
  },
  {
    name: 'onie-searching',
    title: 'an open switch looks for an installer under one name after another',
    device: 'onie',
    mac: '54:bf:64:5c:02:05',
    expected: stuck('onie-searching'),
  },
  {
    name: 'backup-broken-off',
    title: 'a switch saves its configuration and breaks off half-way',
    device: 'catalyst',
    mac: '00:1d:a1:5c:02:06',
    faults: ['backup-half-way'],
    expected: stuck('backup-broken-off'),
  },
  {
    name: 'clock-wrong',
    title: 'a switch whose clock was never set, by its own syslog',
    device: 'catalyst',
    mac: '00:1d:a1:5c:02:07',
    faults: ['wrong-clock-syslog'],
    files: { 'router-confg': 'hostname Access-2\nend\n' },
    expected: { verdict: 'clock-wrong', state: 'booted' },
  },
];
