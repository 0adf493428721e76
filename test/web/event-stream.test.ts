/** One reader of server-sent events, in virtual time. */
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventStream, type StreamOutput } from '../../src/web/api/event-stream.ts';
import type { Feed } from '../../src/web/api/feed.ts';
import type { StreamTopic } from '../../src/web/api/stream-shapes.ts';

class Reader extends EventEmitter {
  readonly written: string[] = [];
  writableLength = 0;
  destroyed = false;
  isEnded = false;
  write(text: string): boolean {
    this.written.push(text);
    return true;
  }
  end(): void {
    this.isEnded = true;
  }
}

/** Counts what comes, and gives the count. */
class Counting {
  count = 0;
  taken = 0;
  isClosed = false;
  #onWaiting: (() => void) | undefined;
  readonly subscribe = (onWaiting: () => void): Feed<{ count: number }> => {
    this.#onWaiting = onWaiting;
    return {
      take: () => {
        this.taken += 1;
        const { count } = this;
        this.count = 0;
        return count === 0 ? undefined : { count };
      },
      close: () => {
        this.isClosed = true;
      },
    };
  };
  happen(): void {
    this.count += 1;
    if (this.count === 1) this.#onWaiting?.();
  }
}

let reader: Reader;
let isWelcome: boolean;
let stream: EventStream;

beforeEach(() => {
  vi.useFakeTimers();
  reader = new Reader();
  isWelcome = true;
  stream = new EventStream({
    output: reader as unknown as StreamOutput,
    now: () => Date.now(),
    isWelcome: () => isWelcome,
    onFault: (fault) => {
      throw fault;
    },
  });
});
afterEach(() => vi.useRealTimers());

function counting(topic: StreamTopic): Counting {
  const source = new Counting();
  stream.add(topic, source.subscribe);
  return source;
}

const messages = (): string[] => reader.written.filter((text) => text.startsWith('event:'));

describe('a stream of events', () => {
  it('sends the first at once, and gathers what comes then for a tenth of a second', async () => {
    const devices = counting('devices');
    devices.happen();
    await vi.advanceTimersByTimeAsync(0);
    expect(messages()).toEqual(['event: devices\ndata: {"count":1}\n\n']);
    for (let time = 0; time < 95; time += 5) {
      devices.happen();
      await vi.advanceTimersByTimeAsync(5);
    }
    expect(messages()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(5);
    expect(messages().slice(1)).toEqual(['event: devices\ndata: {"count":19}\n\n']);
  });

  it('tells no more than once a second that leases have changed', async () => {
    const leases = counting('leases');
    for (let time = 0; time <= 3_000; time += 10) {
      leases.happen();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(messages()).toHaveLength(4);
  });

  it('makes nothing while nothing happens, and pings', async () => {
    const log = counting('log');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(log.taken).toBe(0);
    expect(reader.written).toEqual(['retry: 2000\n\n', ...Array<string>(4).fill(': ping\n\n')]);
  });

  it('takes nothing for a reader that is full, until it has read', async () => {
    const devices = counting('devices');
    reader.writableLength = 300_000;
    devices.happen();
    await vi.advanceTimersByTimeAsync(0);
    for (let time = 0; time < 10; time += 1) {
      devices.happen();
      await vi.advanceTimersByTimeAsync(200);
    }
    expect([messages().length, devices.taken]).toEqual([1, 1]);
    reader.writableLength = 0;
    reader.emit('drain');
    await vi.advanceTimersByTimeAsync(0);
    expect(messages()[1]).toContain('"count":10');
  });

  it('ends for whoever may not read any more, and with it its feeds', async () => {
    const devices = counting('devices');
    isWelcome = false;
    await vi.advanceTimersByTimeAsync(15_000);
    expect([reader.isEnded, devices.isClosed]).toEqual([true, true]);
    devices.happen();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(messages()).toEqual([]);
  });
});
