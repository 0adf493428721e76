/**
 * One reader of server-sent events. What is new is gathered and sent a few times a second; who does not read is not written to, and its feeds
 * forget the oldest meanwhile.
 */
import type { ServerResponse } from 'node:http';
import type { Feed } from './feed.ts';
import { STREAM_TOPICS, type StreamTopic } from './stream-shapes.ts';

export type StreamOutput = Pick<ServerResponse, 'write' | 'end' | 'writableLength' | 'once' | 'destroyed'>;

export interface StreamParts {
  readonly output: StreamOutput;
  readonly now: () => number;
  /** Whether its reader may still read. */
  readonly isWelcome: () => boolean;
  readonly onFault: (fault: unknown) => void;
}

/** Milliseconds between two messages of a topic. Who is told that leases have changed asks for all of them. */
const SPACING_MS: Readonly<Record<StreamTopic, number>> = { devices: 100, transfers: 100, log: 100, server: 500, leases: 1_000 };
/** So that a connection that is dead is found, and none is taken for dead. */
const PING_MS = 15_000;
/** Octets that wait for the reader, beyond which it has to take some before there are more. */
const MOST_BUFFERED = 256 * 1024;
/** What a browser waits before it connects again. */
const RETRY_MS = 2_000;

export class EventStream {
  readonly #parts: StreamParts;
  readonly #feeds = new Map<StreamTopic, Feed<unknown>>();
  /** Topics with news, and when they may be told. */
  readonly #due = new Map<StreamTopic, number>();
  readonly #sentAt = new Map<StreamTopic, number>();
  readonly #ping: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;
  #isClosed = false;

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.#ping = setInterval(() => {
      if (parts.isWelcome()) parts.output.write(': ping\n\n');
      else this.end();
    }, PING_MS).unref();
    parts.output.write(`retry: ${RETRY_MS}\n\n`);
  }

  /** Tells of a topic from now on. */
  add<Message>(topic: StreamTopic, subscribe: (onWaiting: () => void) => Feed<Message>): void {
    this.#feeds.set(
      topic,
      subscribe(() => this.news(topic)),
    );
  }

  /** There is something to tell. */
  news(topic: StreamTopic): void {
    const before = this.#sentAt.get(topic);
    this.#due.set(topic, before === undefined ? 0 : before + SPACING_MS[topic]);
    this.#schedule();
  }

  /** Says good-bye. */
  end(): void {
    this.close();
    this.#parts.output.end();
  }

  /** The reader is gone. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#ping);
    clearTimeout(this.#timer);
    for (const feed of this.#feeds.values()) feed.close();
    this.#feeds.clear();
    this.#due.clear();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#isBusy || this.#isClosed || this.#due.size === 0) return;
    const wait = Math.max(0, Math.min(...this.#due.values()) - this.#parts.now());
    this.#timer = setTimeout(() => this.#send().catch(this.#parts.onFault), wait).unref();
  }

  async #send(): Promise<void> {
    this.#isBusy = true;
    const { output, now } = this.#parts;
    try {
      const at = now();
      // In their order, so that a line of the log comes behind the device that it is about.
      for (const topic of STREAM_TOPICS.filter((one) => (this.#due.get(one) ?? Number.POSITIVE_INFINITY) <= at)) {
        this.#due.delete(topic);
        this.#sentAt.set(topic, at);
        const message = await this.#feeds.get(topic)?.take();
        if (message !== undefined && !this.#isClosed) output.write(`event: ${topic}\ndata: ${JSON.stringify(message)}\n\n`);
      }
    } finally {
      if (output.writableLength > MOST_BUFFERED && !output.destroyed) output.once('drain', () => this.#free());
      else this.#free();
    }
  }

  #free(): void {
    this.#isBusy = false;
    this.#schedule();
  }
}
