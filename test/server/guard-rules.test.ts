import { describe, expect, test } from 'vitest';
import { type Mac, NO_ADDRESS } from '../../src/base/addresses.ts';
import { type MonoMs, monoMs } from '../../src/base/clock.ts';
import type { OverheardReply } from '../../src/net/ports.ts';
import {
  GUARD_TIMES,
  type GuardEffect,
  type GuardMode,
  GuardRules,
  isAddressServer,
  isOwnReply,
  type OwnMachine,
} from '../../src/server/guard-rules.ts';
import { ip } from '../support/addresses.ts';

const ROUTER = '00:1a:1e:00:11:22' as Mac;
const OWN_MAC = '02:00:00:00:00:01' as Mac;

function reply(differences: Partial<OverheardReply> = {}): OverheardReply {
  return {
    mac: ROUTER,
    from: { address: ip('192.168.1.1'), port: 67 },
    toPort: 68,
    server: ip('192.168.1.1'),
    type: 'OFFER',
    yourAddress: ip('192.168.1.57'),
    relayAddress: NO_ADDRESS,
    ...differences,
  };
}

/** What the rules do, in virtual time, one word for each effect: `0.3 s ask`. */
class Wire {
  readonly rules: GuardRules;
  readonly history: string[] = [];
  #now = monoMs(1_000_000);
  readonly #beganAt = this.#now;
  /** Whether a server answers each ask at once. */
  answers = false;

  constructor(mode: GuardMode) {
    this.rules = new GuardRules(mode, { network: 'bench', interface: 'eth1' });
    this.#note(this.rules.start(this.#now));
  }

  /** Lets time pass, from deadline to deadline. */
  until(millis: number): void {
    const end = this.#beganAt + millis;
    for (let steps = 0; ; steps += 1) {
      const deadline = this.rules.nextDeadline();
      if (deadline === undefined || deadline > end) break;
      expect(deadline, 'a deadline in the past').toBeGreaterThanOrEqual(this.#now);
      expect(steps, 'deadlines without end').toBeLessThan(10_000);
      this.#now = deadline;
      this.#note(this.rules.timeout(deadline));
    }
    this.#now = end as MonoMs;
  }

  hear(overheard = reply()): void {
    this.#note(this.rules.heard(overheard, this.#now));
  }

  /** The moments of the asks since the start, in milliseconds. */
  get asks(): number[] {
    return this.history.filter((line) => line.endsWith(' ask')).map((line) => Number(line.split(' ')[0]));
  }

  /** All but the asks. */
  get said(): string[] {
    return this.history.filter((line) => !line.endsWith(' ask'));
  }

  #note(effects: readonly GuardEffect[]): void {
    const at = this.#now - this.#beganAt;
    for (const effect of effects) {
      this.history.push(`${at} ${effect.do === 'tell' ? effect.event.type : effect.do === 'serve' ? effect.service : 'ask'}`);
      if (effect.do === 'ask' && this.answers) this.hear();
    }
  }
}

describe('on a wire of its own', () => {
  test('refuse: renewals only until the first look is over, then everything', () => {
    const wire = new Wire('refuse');
    expect(wire.rules.service).toBe('renewals');
    wire.until(3_399);
    expect(wire.history).toEqual(['0 ask', '300 ask', '900 ask']);
    wire.until(3_400);
    expect(wire.said).toEqual(['3400 guard.clear', '3400 full']);
    expect(wire.rules.service).toBe('full');
  });

  test('warn: everything from the start', () => {
    const wire = new Wire('warn');
    expect(wire.rules.service).toBe('full');
    wire.until(10_000);
    expect(wire.said).toEqual(['3400 guard.clear']);
  });

  test('is looked at often in the first minute, as a switch may keep the port shut, and every three minutes from then on', () => {
    const wire = new Wire('refuse');
    wire.until(600_000);
    const looks = wire.asks.filter((_at, index) => index % 3 === 0);
    expect(looks).toEqual([0, 5_000, 15_000, 30_000, 45_000, 60_000, 240_000, 420_000, 600_000]);
    expect(wire.asks.slice(3, 6)).toEqual([5_000, 5_300, 5_900]);
    expect(wire.said).toHaveLength(2);
  });
});

describe('another server', () => {
  test('refuse: that answers the first look is named, and nothing is begun', () => {
    const wire = new Wire('refuse');
    wire.until(3_006);
    expect(wire.rules.heard(reply(), monoMs(1_003_006))).toEqual([
      {
        do: 'tell',
        event: {
          type: 'guard.found',
          address: ip('192.168.1.1'),
          mac: ROUTER,
          offered: ip('192.168.1.57'),
          mode: 'refuse',
          network: 'bench',
          interface: 'eth1',
        },
      },
    ]);
    wire.until(20_000);
    expect(wire.said).toEqual([]);
    expect(wire.rules.service).toBe('renewals');
  });

  test('refuse: that is heard while we serve leaves us the renewals', () => {
    const wire = new Wire('refuse');
    wire.until(100_000);
    wire.hear();
    wire.hear(reply({ type: 'ACK' }));
    expect(wire.said.slice(2)).toEqual(['100000 guard.found', '100000 renewals']);
  });

  test('warn: is named, and nothing else', () => {
    const wire = new Wire('warn');
    wire.until(100_000);
    wire.hear();
    wire.until(1_000_000);
    expect(wire.said).toEqual(['3400 guard.clear', '100000 guard.found', '310000 guard.gone', '310000 guard.clear']);
    expect(wire.rules.service).toBe('full');
  });

  test('is asked for every half minute, and gone when it has left six looks unanswered', () => {
    const wire = new Wire('refuse');
    wire.until(100_000);
    wire.hear();
    wire.until(900_000);
    const looks = wire.asks.filter((_at, index) => index % 3 === 0).filter((at) => at > 60_000);
    expect(looks.slice(0, 7)).toEqual([130_000, 160_000, 190_000, 220_000, 250_000, 280_000, 310_000]);
    expect(looks[7]).toBe(490_000);
    expect(wire.said.slice(4)).toEqual(['310000 guard.gone', '310000 guard.clear', '310000 full']);
  });

  test('that answers now and then is not gone', () => {
    const wire = new Wire('refuse');
    wire.until(100_000);
    wire.hear();
    for (let minute = 4; minute < 60; minute += 2) {
      wire.until(minute * 60_000);
      wire.hear();
    }
    expect(wire.said.slice(2)).toEqual(['100000 guard.found', '100000 renewals']);
  });

  test('that always answers is told of once', () => {
    const wire = new Wire('refuse');
    wire.answers = true;
    wire.until(24 * 3_600_000);
    expect(wire.said).toEqual(['300 guard.found']);
    expect(wire.asks.length).toBeGreaterThan(8_000);
  });

  test('that comes back is told of again', () => {
    const wire = new Wire('refuse');
    wire.hear();
    wire.until(500_000);
    wire.hear();
    expect(wire.said).toEqual([
      '0 guard.found',
      '120000 guard.gone',
      '120000 guard.clear',
      '120000 full',
      '500000 guard.found',
      '500000 renewals',
    ]);
  });

  test('beside a second one: each is named, and only when both are gone everything is served again', () => {
    const wire = new Wire('refuse');
    wire.until(100_000);
    wire.hear();
    wire.until(190_000);
    // The same address, on another machine.
    wire.hear(reply({ mac: '00:1a:1e:00:11:33' as Mac }));
    wire.until(900_000);
    expect(wire.said.slice(2)).toEqual([
      '100000 guard.found',
      '100000 renewals',
      '190000 guard.found',
      '310000 guard.gone',
      '400000 guard.gone',
      '400000 guard.clear',
      '400000 full',
    ]);
  });

  test('under a thousand names is not kept a thousand times', () => {
    const wire = new Wire('refuse');
    for (let name = 0; name < 1000; name += 1) wire.hear(reply({ server: ip(`10.9.${name >> 8}.${name & 255}`) }));
    expect(wire.said).toHaveLength(16);
    expect(wire.rules.service).toBe('renewals');
  });

  test('a machine that slept for hours takes that for no silence of the other', () => {
    const wire = new Wire('refuse');
    wire.hear();
    const later = monoMs(1_000_000 + 8 * 3_600_000);
    for (let looks = 0; looks < 5; looks += 1) {
      const effects = wire.rules.timeout(later);
      expect(effects.filter((effect) => effect.do !== 'ask')).toEqual([]);
    }
    expect(wire.rules.service).toBe('renewals');
  });
});

describe('isAddressServer', () => {
  test.each<[string, Partial<OverheardReply>, boolean]>([
    ['an OFFER', {}, true],
    ['an ACK', { type: 'ACK' }, true],
    ['a NAK, which has no address (RFC 2131 §4.3.1, table 3)', { type: 'NAK', yourAddress: NO_ADDRESS }, true],
    ['a BOOTP reply', { type: undefined }, true],
    ['an OFFER by way of a relay agent on this wire', { relayAddress: ip('192.168.1.2') }, true],
    ['an OFFER of a proxyDHCP server (PXE 2.1 §2.2.3)', { yourAddress: NO_ADDRESS }, false],
    ['an ACK to an INFORM (RFC 2131 §4.3.5)', { type: 'ACK', yourAddress: NO_ADDRESS }, false],
    ['an ACK of a boot server, from port 4011', { type: 'ACK', from: { address: ip('192.168.1.1'), port: 4011 } }, false],
    ['what goes to a relay agent, for another wire', { toPort: 67, relayAddress: ip('10.88.0.1') }, false],
  ])('%s', (_what, differences, expected) => {
    expect(isAddressServer(reply(differences))).toBe(expected);
    const effects = new GuardRules('warn', { network: 'bench', interface: 'eth1' }).heard(reply(differences), monoMs(0));
    expect(effects).toHaveLength(expected ? 1 : 0);
  });
});

describe('isOwnReply', () => {
  const own: OwnMachine = { macs: new Set([OWN_MAC]), addresses: new Set([ip('192.168.77.1')]) };

  test.each<[string, Partial<OverheardReply>, boolean]>([
    ['of a second interface on the same wire', { mac: OWN_MAC }, true],
    ['of ours by way of a relay agent', { server: ip('192.168.77.1'), relayAddress: ip('10.88.0.1') }, true],
    ['of another by way of a relay agent', { relayAddress: ip('10.88.0.1') }, false],
    ['of another machine with our address', { server: ip('192.168.77.1') }, false],
    ['of another', {}, false],
  ])('%s', (_what, differences, expected) => {
    expect(isOwnReply(reply(differences), own)).toBe(expected);
  });
});

test('the first look is longer than the ping check of dnsmasq, and shorter than the wait of a boot ROM', () => {
  expect(GUARD_TIMES.firstLookMs).toBeGreaterThan(3_050);
  expect(GUARD_TIMES.firstLookMs).toBeLessThan(4_000);
});
