import { describe, expect, it } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { RecentEvents } from '../../src/observe/recent-events.ts';

const loud = (change: string): AppEvent => ({ type: 'config.changed', change });
const quiet: AppEvent = { type: 'tftp.dropped', interface: 'eth1', reason: 'short' };

function recent(limits?: { loud: number; quiet: number }): RecentEvents {
  let now = 0;
  return new RecentEvents({ wall: () => wallMs(++now) }, limits);
}

describe('the last events', () => {
  it('are kept with when they happened, the newest first', () => {
    const events = recent();
    events.listener(loud('a'));
    events.listener(quiet);
    events.listener(loud('b'));
    expect([...events.newestFirst()]).toEqual([
      { id: 3, at: 3, level: 'info', event: loud('b') },
      { id: 2, at: 2, level: 'debug', event: quiet },
      { id: 1, at: 1, level: 'info', event: loud('a') },
    ]);
    expect(events.lastId).toBe(3);
  });

  it('are bounded, and what is quiet pushes out nothing that is loud', () => {
    const events = recent({ loud: 3, quiet: 2 });
    for (const change of ['a', 'b', 'c', 'd']) events.listener(loud(change));
    for (let time = 0; time < 10; time += 1) events.listener(quiet);
    expect([...events.newestFirst()].map(({ id }) => id)).toEqual([14, 13, 4, 3, 2]);
    events.listener(loud('e'));
    expect([...events.newestFirst()].map(({ id }) => id)).toEqual([15, 14, 13, 4, 3]);
  });

  it('leave out how far a file is', () => {
    const events = recent();
    events.listener({ type: 'transfer.progressed', transfer: 1, protocol: 'tftp', direction: 'read', path: 'a', octets: 5 });
    expect(events.lastId).toBe(0);
  });

  it('call whoever waits for the next, until he does not', () => {
    const events = recent();
    let calls = 0;
    const stop = events.onNew(() => {
      calls += 1;
    });
    events.listener(quiet);
    stop();
    events.listener(quiet);
    expect(calls).toBe(1);
  });
});
