import { describe, expect, it } from 'vitest';
import type { DeviceVars, TemplateSource, UnknownDevices } from '../../src/boot/template-source.ts';
import type { Subject } from '../../src/events/events.ts';
import { AccessRules } from '../../src/files/access.ts';
import { FileCatalog } from '../../src/files/catalog.ts';
import type { KnownDevice } from '../../src/files/known-devices.ts';
import { NameRules } from '../../src/files/name-rules.ts';
import { TemplateRoute } from '../../src/files/template-route.ts';
import { cidr, ip, mac } from '../support/addresses.ts';
import { contentOf } from '../support/found-file.ts';
import { templateSource } from '../support/template-source.ts';

const SERVER = ip('192.168.77.1');
const DESK = mac('00:1b:54:aa:bb:cc');
const OTHER = mac('00:1b:54:aa:bb:cd');
const STRANGER = mac('00:1b:54:00:00:99');

const vars = (values: DeviceVars['values'], hidden: readonly string[] = []): DeviceVars => ({ values, hidden });
const leased = (device: typeof DESK, address = '192.168.77.100'): Subject => ({ mac: device, address: ip(address), isLeased: true });

function device(key: KnownDevice['key'], more: Partial<KnownDevice>): KnownDevice {
  return {
    name: undefined,
    address: undefined,
    profile: 'phone',
    model: undefined,
    serial: undefined,
    vars: vars({}),
    place: `phones.csv:${JSON.stringify([key, more.name])}`,
    ...more,
    key: { clientId: undefined, circuitId: undefined, remoteId: undefined, ...key },
  };
}

const HOSTS = [
  device({ mac: DESK }, { name: 'desk-101', address: ip('192.168.77.21'), model: 'T46', vars: vars({ ext: 101, pin: '4711' }) }),
  device({ mac: OTHER }, { name: 'desk-102', profile: 'other' }),
  device({ mac: mac('00:1b:54:aa:bb:ce') }, { name: 'bare', profile: undefined }),
  device({ mac: undefined }, { name: 'switch', serial: 'FCH1', profile: 'phone' }),
];

const OWN = templateSource('phone/own.liquid', '{{ device.name | default: "nobody" }} {{ vars.ext }} {{ vars.t }}', {
  answers: ['{mac}.cfg', '{name}.cfg', '{serial}.cfg'],
  defaults: vars({ t: 'udp', ext: 0 }),
});
const COMMON = templateSource('phone/common.liquid', 'common {{ vars.ntp }} of {{ device.mac | default: "?" }}', {
  answers: ['000000000000.cfg'],
  isPublic: true,
  defaults: vars({ ntp: 'x' }),
});

interface Options {
  readonly templates?: readonly TemplateSource[];
  readonly unknown?: readonly UnknownDevices[];
  readonly openTo?: readonly string[];
  readonly folder?: string;
}

function route({ templates = [OWN, COMMON], unknown = [], openTo = [], folder }: Options = {}): TemplateRoute {
  const access = new AccessRules({ openTo: openTo.map(cidr) });
  return new TemplateRoute({ templates, hosts: HOSTS, unknown, httpPort: 8080, folderOf: () => folder }, access);
}

const files = (options?: Options): FileCatalog => new FileCatalog([route(options)], new NameRules());

async function got(name: string, from: Subject, options?: Options): Promise<string> {
  const answer = await files(options).open(name, from, SERVER);
  return answer.ok ? contentOf(answer) : `${answer.error.refused}: ${answer.error.detail}`;
}

describe('A file for one device', () => {
  it.each<[who: string, name: string, from: Subject, outcome: string]>([
    ['the device, by its lease', '001b54aabbcc.cfg', leased(DESK), 'desk-101 101 udp'],
    ['in another case, with a slash', '/001B54AABBCC.CFG', leased(DESK), 'desk-101 101 udp'],
    ['the device, by its reserved address', '001b54aabbcc.cfg', { address: ip('192.168.77.21') }, 'desk-101 101 udp'],
    ['by its name', 'desk-101.cfg', leased(DESK), 'desk-101 101 udp'],
    [
      'another device',
      '001b54aabbcc.cfg',
      leased(OTHER),
      `forbidden: the file is for desk-101, ${DESK} alone, and the address that asks is leased to ${OTHER} (tftp.secure.except opens such files to networks)`,
    ],
    [
      'another device that has the reserved address',
      '001b54aabbcc.cfg',
      leased(OTHER, '192.168.77.21'),
      `forbidden: the file is for desk-101, ${DESK} alone, and the address that asks is leased to ${OTHER} (tftp.secure.except opens such files to networks)`,
    ],
    [
      'who only claims the MAC',
      '001b54aabbcc.cfg',
      { mac: DESK, address: ip('192.168.77.50') },
      `forbidden: the file is for desk-101, ${DESK} alone, and the address that asks holds no lease of this server (tftp.secure.except opens such files to networks)`,
    ],
    [
      'a device of which only the serial number is known',
      'FCH1.cfg',
      leased(STRANGER),
      `forbidden: the file is for switch, FCH1 alone, of which neither MAC address nor address are known, and the address that asks is leased to ${STRANGER} (tftp.secure.except opens such files to networks)`,
    ],
    [
      'a device of another profile',
      '001b54aabbcd.cfg',
      leased(OTHER),
      'not-found: the templates of phone (desk-102 is of the profile other)',
    ],
    [
      'a device without a profile',
      '001b54aabbce.cfg',
      leased(mac('00:1b:54:aa:bb:ce')),
      `not-found: the templates of phone (bare has no profile, see ${HOSTS[2]?.place})`,
    ],
    [
      'a device that nobody wrote down',
      '001b54000099.cfg',
      leased(STRANGER),
      `not-found: the templates of phone (${STRANGER} is seen but in no inventory: bootlace devices adopt ${STRANGER} --profile phone --name …)`,
    ],
    ['a name of no template', 'grub.cfg', leased(DESK), 'not-found: the templates of phone (desk-101 is of the profile phone)'],
  ])('for %s', async (_who, name, from, outcome) => {
    const made = await got(name, from);
    expect(made).toBe(outcome);
  });

  it('is for networks that are let in, too', async () => {
    expect(await got('001b54aabbcc.cfg', leased(OTHER, '10.1.2.3'), { openTo: ['10.0.0.0/8'] })).toBe('desk-101 101 udp');
    expect(await got('FCH1.cfg', { address: ip('10.1.2.3') }, { openTo: ['10.0.0.0/8'] })).toBe('switch 0 udp');
  });

  it('leaves the client’s own folder below the root alone', async () => {
    expect(await got('own/001b54aabbcc.cfg', leased(DESK), { templates: [{ ...OWN, answers: ['own/{mac}.cfg'] }], folder: 'own' })).toMatch(
      /^not-found/,
    );
  });
});

describe('Devices that nobody wrote down', () => {
  const unknown = [
    { profile: 'gear', vars: vars({}) },
    { profile: 'phone', vars: vars({ ext: 99 }) },
  ];

  it.each<[who: string, name: string, from: Subject, outcome: string]>([
    ['get the file of the profile that answers', '001b54000099.cfg', leased(STRANGER), 'nobody 99 udp'],
    ['are told apart all the same', '001b54000099.cfg', leased(OTHER), 'forbidden'],
    ['may say their serial number', 'FCH9.cfg', leased(STRANGER), 'nobody 99 udp'],
    ['may not say the one of a known device', 'FCH1.cfg', leased(STRANGER), 'forbidden'],
    ['without a profile are like them', '001b54aabbce.cfg', leased(mac('00:1b:54:aa:bb:ce')), 'bare 99 udp'],
    ['leave those of another profile alone', '001b54aabbcd.cfg', leased(OTHER), 'not-found'],
    ['give variables to those of their profile', '001b54aabbcc.cfg', leased(DESK), 'desk-101 101 udp'],
  ])('%s', async (_who, name, from, outcome) => expect(await got(name, from, { unknown })).toMatch(new RegExp(`^${outcome}`)));

  it('are of the first profile that has a file of the name', async () => {
    const gear = templateSource('gear/own.liquid', 'gear', { answers: ['{mac}.cfg'] });
    expect(await got('001b54000099.cfg', leased(STRANGER), { unknown, templates: [OWN, gear] })).toBe('gear');
  });
});

describe('A file for all', () => {
  it.each<[who: string, from: Subject, outcome: string]>([
    ['a device of the profile', leased(DESK), 'common x of 001b54aabbcc'],
    ['a device of another profile', leased(OTHER), 'common x of 001b54aabbcd'],
    ['anybody', { address: ip('10.0.0.9') }, 'common x of ?'],
  ])('for %s', async (_who, from, outcome) => expect(await got('000000000000.cfg', from)).toBe(outcome));

  it('is that of the asker’s own profile where several have one', async () => {
    const other = { ...COMMON, key: 'other/c.liquid', profile: 'other', text: 'other' };
    const templates = [COMMON, other];
    expect(await got('000000000000.cfg', leased(OTHER), { templates })).toBe('other');
    expect(await got('000000000000.cfg', leased(DESK), { templates })).toMatch(/^common/);
  });
});

describe('Of several templates', () => {
  const shipped = templateSource('phone/shipped.liquid', 'shipped', { origin: 'shipped', answers: ['{mac}.cfg', 'more-{mac}.cfg'] });
  const user = templateSource('phone/user.liquid', 'user', { answers: ['{mac}.cfg'] });

  it('the operator’s answers', async () => {
    expect(await got('001b54aabbcc.cfg', leased(DESK), { templates: [shipped, user] })).toBe('user');
    expect(await got('more-001b54aabbcc.cfg', leased(DESK), { templates: [shipped, user] })).toBe('shipped');
  });

  it('one of the same path stands in the place of the shipped one, with all that it answered', async () => {
    const templates = [{ ...user, key: shipped.key }, shipped];
    expect(await got('001b54aabbcc.cfg', leased(DESK), { templates })).toBe('user');
    expect(await got('more-001b54aabbcc.cfg', leased(DESK), { templates })).toMatch(/^not-found/);
  });

  it('a model decides', async () => {
    const models = templateSource('phone/model.liquid', 'model {{ device.model }}', { answers: ['{model}.cfg'] });
    expect(await got('t46.cfg', leased(DESK), { templates: [models] })).toBe('model T46');
    expect(await got('T48.cfg', leased(DESK), { templates: [models] })).toMatch(/^not-found/);
    expect(await got('T48.cfg', leased(STRANGER), { templates: [models] })).toMatch(/^not-found/);
  });
});

describe('What was made', () => {
  it('is the same file as long as nothing changes, and another for another address of ours', async () => {
    const one = route();
    const open = (server: string): unknown => {
      const answer = one.open({ path: '001b54aabbcc.cfg' as never, from: leased(DESK), server: ip(server) });
      return answer !== 'not-mine' && !(answer instanceof Promise) && answer.ok ? answer.value.file : undefined;
    };
    expect(open('192.168.77.1')).toBe(open('192.168.77.1'));
    expect(open('192.168.77.1')).not.toBe(open('10.0.0.1'));
  });

  it('is told with its template and its variables, but not with secrets', async () => {
    const answer = await files({ templates: [{ ...OWN, defaults: vars({ t: 'udp', from: 'env' }, ['from']) }] }).open(
      '001b54aabbcc.cfg',
      leased(DESK),
    );
    expect(answer.ok && answer.value.made).toEqual({
      what: 'the template phone/own.liquid',
      form: 'plain',
      notes: [
        'from /t/phone/own.liquid',
        `for desk-101 (${HOSTS[0]?.place})`,
        'vars.t: udp (default)',
        'vars.from: **** (default)',
        'vars.ext: 101 (device)',
        'vars.pin: **** (device)',
      ],
    });
  });

  it('is nothing where a variable is not known: the reason names it, its line and the device', async () => {
    const templates = [templateSource('phone/x.liquid', '\n{{ vars.label }} {{ vars.pin }}', { answers: ['{mac}.cfg'] })];
    expect(await got('001b54aabbcc.cfg', leased(DESK), { templates })).toBe(
      `fault: /t/phone/x.liquid:5: the variable vars.label is not known; the file is for desk-101, ${DESK}`,
    );
  });

  it('knows the server, as far as it is known', async () => {
    const templates = [templateSource('phone/x.liquid', '{{ server }} {{ httpUrl }} {{ device.address }}', { answers: ['{mac}.cfg'] })];
    expect(await got('001b54aabbcc.cfg', leased(DESK), { templates })).toBe('192.168.77.1 http://192.168.77.1:8080 192.168.77.21');
  });
});
