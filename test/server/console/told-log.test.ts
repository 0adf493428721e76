import { describe, expect, it } from 'vitest';
import { wallMs } from '../../../src/base/clock.ts';
import type { AppEvent } from '../../../src/events/events.ts';
import { RecentEvents } from '../../../src/observe/recent-events.ts';
import { ToldLog } from '../../../src/server/console/told-log.ts';
import type { LogQuery } from '../../../src/web/api/log-routes.ts';
import { ip, mac } from '../../support/addresses.ts';

const PHONE = mac('00:1b:54:aa:bb:cc');
const EVENTS: readonly AppEvent[] = [
  { type: 'server.started', version: '1', config: 'config.yaml', runtime: 'Node' },
  { type: 'dhcp.dropped', interface: 'eth1', reason: 'too short' },
  { type: 'lease.bound', network: 'bench', leaseSeconds: 60, how: 'new', mac: PHONE, address: ip('192.168.77.100') },
  { type: 'lease.declined', network: 'bench', quarantineSeconds: 60, address: ip('192.168.77.101') },
  { type: 'server.limited', detail: 'no kernel calls' },
];

function logOf(events: readonly AppEvent[] = EVENTS): { log: ToldLog; recent: RecentEvents } {
  const recent = new RecentEvents({ wall: () => wallMs(0) });
  for (const event of events) recent.listener(event);
  const names = (subject: object) => ({ ...subject, ...('mac' in subject && subject.mac === PHONE && { hostName: 'desk-101' }) });
  return { log: new ToldLog(recent, names), recent };
}

describe('the log as the console tells it', () => {
  it('has the text of the log, and the device by what is known of it', () => {
    const { log } = logOf();
    expect(log.page({ limit: 200 })[2]).toEqual({
      id: 3,
      at: 0,
      level: 'info',
      event: 'lease.bound',
      device: PHONE,
      name: 'desk-101',
      address: '192.168.77.100',
      text: 'bound 192.168.77.100 for 1 min',
    });
  });

  it.each<[what: string, query: Partial<LogQuery>, ids: readonly number[]]>([
    ['all of it', {}, [1, 2, 3, 4, 5]],
    ['the last two', { limit: 2 }, [4, 5]],
    ['the two before those', { limit: 2, before: 4 }, [2, 3]],
    ['a level and above', { level: 'warn' }, [4, 5]],
    ['all but the quiet', { level: 'info' }, [1, 3, 4, 5]],
    ['a kind', { event: 'lease.bound' }, [3]],
    ['several kinds', { event: 'lease.' }, [3, 4]],
    ['not by half a word', { event: 'lease' }, []],
    ['a device by its MAC', { device: PHONE.toUpperCase() }, [3]],
    ['a device by its name', { device: 'Desk-101' }, [3]],
    ['a device by its address', { device: '192.168.77.101' }, [4]],
    ['a word', { text: 'KERNEL' }, [5]],
    ['a word that is nowhere', { text: 'kernel x' }, []],
  ])('gives %s', (_what, query, ids) => {
    expect(
      logOf()
        .log.page({ limit: 200, ...query })
        .map(({ id }) => id),
    ).toEqual(ids);
  });

  it('tells a reader what is new once, and how much a slow one has missed', () => {
    const { log, recent } = logOf();
    let calls = 0;
    const feed = log.subscribe(() => {
      calls += 1;
    });
    recent.listener({ type: 'server.limited', detail: 'a' });
    recent.listener({ type: 'server.limited', detail: 'b' });
    expect(calls).toBe(1);
    expect(feed.take()).toMatchObject({ lines: [{ id: 6 }, { id: 7 }], missed: 0 });
    for (let time = 0; time < 1_000; time += 1) recent.listener({ type: 'config.changed', change: 'x' });
    expect(calls).toBe(2);
    const taken = feed.take() as { lines: { id: number }[]; missed: number };
    expect([taken.lines.length, taken.lines.at(-1)?.id, taken.missed]).toEqual([300, 1_007, 700]);
    feed.close();
    recent.listener({ type: 'server.limited', detail: 'c' });
    expect(calls).toBe(2);
  });
});
