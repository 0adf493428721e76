import { describe, expect, it } from 'vitest';
import { type Ipv4, ipv4 } from '../../src/base/addresses.ts';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import type { AppEvent, Subject } from '../../src/events/events.ts';
import { NameSearches } from '../../src/server/name-searches.ts';
import { ip } from '../support/addresses.ts';

const SWITCH: Subject = { address: ip('192.168.77.101') };
const PLATFORM = 'x86_64-dellemc_s5200_c3538-r0';

/** The names that ONIE asks for by TFTP, in its order (opencomputeproject/onie, discovery). */
const WATERFALL: readonly string[] = [
  `f8-8e-a1-00-01-00/onie-installer-${PLATFORM}`,
  ...[8, 7, 6, 5, 4, 3, 2, 1].map((digits) => `${'C0A84D65'.slice(0, digits)}/onie-installer-${PLATFORM}`),
  ...[PLATFORM, 'x86_64-dellemc_s5200_c3538', 'dellemc_s5200_c3538', 'x86_64-bcm', 'x86_64']
    .map((name) => `onie-installer-${name}`)
    .concat('onie-installer')
    .flatMap((name) => [name, `${name}.bin`]),
];

function made() {
  const told: AppEvent[] = [];
  const time = { now: 0 };
  let due: { readonly at: number; readonly act: () => void } | undefined;
  const searches = new NameSearches({
    clock: { wall: () => wallMs(time.now), mono: () => monoMs(time.now) },
    tell: (event) => void told.push(event),
    protocol: 'tftp',
    later: (millis, act) => {
      due = { at: time.now + millis, act };
    },
  });
  const pass = (millis: number): void => {
    const until = time.now + millis;
    while (due !== undefined && due.at <= until) {
      const { at, act } = due;
      due = undefined;
      time.now = at;
      act();
    }
    time.now = until;
  };
  return { searches, told, pass };
}

describe('a device that goes through its list in vain', () => {
  it('is told of in one sentence, with the name to put there', () => {
    const { searches, told, pass } = made();
    for (const name of WATERFALL) {
      searches.missed(name, SWITCH);
      pass(20);
    }
    expect(told).toEqual([]);
    pass(20_000);
    expect(told).toEqual([
      {
        ...SWITCH,
        type: 'transfer.searched',
        protocol: 'tftp',
        family: 'ONIE',
        names: 21,
        advice: `put onie-installer-${PLATFORM} into the root, or name it with boot.file`,
      },
    ]);
  });

  it('and begins again every 20 s is told of again after ten minutes', () => {
    const { searches, told, pass } = made();
    for (let cycle = 0; cycle < 40; cycle += 1) {
      for (const name of WATERFALL) searches.missed(name, SWITCH);
      pass(20_000);
      expect(told).toHaveLength(cycle < 30 ? 1 : 2);
    }
  });

  it('is told of at the end of the program', () => {
    const { searches, told } = made();
    searches.missed('router-confg', SWITCH);
    searches.close();
    expect(told).toMatchObject([{ family: 'Cisco IOS', names: 1 }]);
  });

  it('and has slashes and letters as it likes asks for one list', () => {
    const { searches, told, pass } = made();
    for (const name of ['/network-confg', '\\cisconet.cfg', 'ROUTER-CONFG']) searches.missed(name, SWITCH);
    pass(20_000);
    expect(told).toMatchObject([{ names: 3 }]);
  });
});

describe('nothing is told of', () => {
  it('a device that gets a file in the end: AutoInstall looks for its host name first', () => {
    const { searches, told, pass } = made();
    for (const name of ['network-confg', 'cisconet.cfg']) searches.missed(name, SWITCH);
    searches.found(SWITCH);
    pass(60_000);
    expect(told).toEqual([]);
  });

  it.each(['pxelinux.cfg/default', 'SEP001B54AABBCC.cnf.xml', 'poap.py', ''])('a miss that is of no list: %j', (name) => {
    const { searches, told, pass } = made();
    searches.missed(name, SWITCH);
    pass(60_000);
    expect(told).toEqual([]);
  });

  it('a name of another family than that of the device', () => {
    const { searches, told, pass } = made();
    searches.missed('onie-installer', { ...SWITCH, profile: 'arista' });
    pass(60_000);
    expect(told).toEqual([]);
  });

  it('who has no address', () => {
    const { searches, told, pass } = made();
    searches.missed('onie-installer', {});
    pass(60_000);
    expect(told).toEqual([]);
  });
});

describe('memory', () => {
  it('is bounded: the search that began first is told of when there is one too many', () => {
    const { searches, told } = made();
    const at = (n: number): Ipv4 => ipv4(ip('10.0.0.0') + n);
    for (let n = 0; n < 257; n += 1) searches.missed('onie-installer', { address: at(n) });
    expect(told).toMatchObject([{ address: at(0), names: 1 }]);
  });

  it('is bounded: a device that makes up names is told of with as many as are kept', () => {
    const { searches, told } = made();
    for (let n = 0; n < 1000; n += 1) searches.missed(`onie-installer-${n}`, SWITCH);
    searches.close();
    expect(told).toMatchObject([{ names: 64 }]);
  });
});
