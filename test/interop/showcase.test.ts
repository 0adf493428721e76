/** The lab as a test: devices of every kind on one switch and one of each failure among them; each gets the verdict that is its own. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LONGEST_MS, type Outcome, outcomesOf } from '../../scripts/lab/outcome.ts';
import { Room } from '../../scripts/lab/room.ts';
import { SCENARIOS } from '../../scripts/lab/scenarios.ts';
import { HEALTHY } from '../../scripts/lab/site.ts';
import { leftovers } from '../support/netns.ts';
import { describeWith } from '../support/tools.ts';

describeWith(['setsid'], 'The lab', () => {
  let room: Room;
  let outcomes: readonly Outcome[];

  beforeAll(async () => {
    room = new Room({ healthy: HEALTHY, scenarios: SCENARIOS, real: [] });
    await room.serve();
    room.play();
    const until = performance.now() + LONGEST_MS;
    outcomes = await outcomesOf(room, () => performance.now() > until);
  }, LONGEST_MS + 30_000);

  afterAll(async () => {
    await room?.close();
    expect(leftovers(), 'namespaces left behind').toEqual([]);
  });

  it.each(SCENARIOS)('$name: $title', ({ mac, stranger }) => {
    for (const outcome of outcomes.filter((one) => one.mac === mac || one.mac === stranger?.mac))
      expect(outcome.found, outcome.sentence).toBe(outcome.expected);
  });

  it.each(HEALTHY)('$device is well', ({ mac }) => {
    const outcome = outcomes.find((one) => one.mac === mac);
    expect(outcome?.isAsExpected, `${outcome?.found} ${outcome?.sentence}`).toBe(true);
  });

  it('has its page on the loopback of this machine, and nowhere else', async () => {
    const url = await room.openDoor(0);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const answer = await fetch(`${url}metrics`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('bootlace_');
  });
});
