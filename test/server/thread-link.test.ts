import { expect, test } from 'vitest';
import { ThreadLink } from '../../src/server/thread-link.ts';
import { eventually } from '../support/program.ts';
import type { TestNews, TestOrder, TestStart } from './threads/obeying-thread.ts';

/** The link looks for threads beside itself. */
const THREAD = '../../test/server/threads/obeying';

async function opened(start: TestStart = {}) {
  const news: string[] = [];
  const deaths: string[] = [];
  const onNews = ({ order }: TestNews): void => void news.push(order);
  const link = new ThreadLink<TestOrder, TestNews>(THREAD, start, { onNews, onDeath: (why) => deaths.push(why) });
  await link.ready;
  return { link, news, deaths };
}

test('each order has its own answer, whichever is done first', async () => {
  const { link, news } = await opened();
  const answers = [
    link.order({ do: 'answer', found: false, afterMs: 40 }),
    link.order({ do: 'answer', found: true }),
    link.order({ do: 'answer' }),
    link.order({ do: 'answer', found: false }),
  ];
  expect(await Promise.all(answers)).toEqual([false, true, true, false]);
  expect(news).toEqual(Array(4).fill('answer'));
  await link.close({ do: 'close' });
});

test('an order that cannot be carried out rejects with the reason, and the thread goes on', async () => {
  const { link, deaths } = await opened();
  await expect(link.order({ do: 'refuse', why: 'EADDRINUSE on port 69' })).rejects.toThrow('EADDRINUSE on port 69');
  expect(await link.order({ do: 'answer' })).toBe(true);
  await link.close({ do: 'close' });
  expect(deaths).toEqual([]);
});

test('what needs no answer gets there, and its answer harms nobody', async () => {
  const { link, news } = await opened();
  link.tell({ do: 'answer' });
  link.tell({ do: 'refuse', why: 'nobody hears this' });
  expect(await link.order({ do: 'answer', found: false })).toBe(false);
  expect(news).toEqual(['answer', 'refuse', 'answer']);
  await link.close({ do: 'close' });
});

test.each<readonly [string, TestStart, string]>([
  ['throws', { faultAtStart: 'no kernel calls here' }, 'no kernel calls here'],
  ['ends', { codeAtStart: 3 }, 'it ended with code 3'],
  ['ends as if all were well', { codeAtStart: 0 }, 'it ended with code 0'],
])('a thread that %s before it is ready cannot be opened', async (_name, start, why) => {
  await expect(opened(start)).rejects.toThrow(why);
});

test.each<readonly [string, TestOrder, string]>([
  ['a bug', { do: 'break', why: 'a bug of ours' }, 'a bug of ours'],
  ['its end', { do: 'end', code: 7 }, 'it ended with code 7'],
])('%s rejects what waits, is told once, and no order is taken any more', async (_name, order, why) => {
  const { link, deaths } = await opened();
  const waiting = [link.order({ do: 'never' }), link.order(order)].map((each) => expect(each).rejects.toThrow(`has ended: ${why}`));
  await Promise.all(waiting);
  await expect(link.order({ do: 'answer' })).rejects.toThrow('is closing');
  link.tell({ do: 'answer' });
  await link.close({ do: 'close' });
  expect(deaths).toEqual([why]);
});

test('closing takes no more orders, twice is allowed, and it is no death', async () => {
  const { link, deaths } = await opened();
  const closing = link.close({ do: 'close' });
  await expect(link.order({ do: 'answer' })).rejects.toThrow('is closing');
  await link.close({ do: 'close' });
  await closing;
  expect(deaths).toEqual([]);
});

test('closing rejects with what was in its way, the thread ends all the same, and what it had not done by then is rejected', async () => {
  const { link, deaths } = await opened();
  const stuck = link.order({ do: 'never' });
  const isOver = expect(stuck).rejects.toThrow('it ended with code 0');
  await expect(link.close({ do: 'close', fault: 'EIO' })).rejects.toThrow('EIO');
  await isOver;
  expect(deaths).toEqual([]);
});

test('a closed thread is gone', async () => {
  const threads = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort' || name === 'Worker').length;
  const before = threads();
  const { link } = await opened();
  await link.close({ do: 'close' });
  await eventually('nothing of it keeps the process', () => threads() <= before, 5000);
});
