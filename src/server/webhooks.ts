/**
 * Tells programs elsewhere of events: a POST of JSON each, signed where there is a secret. Whoever tells an event waits for nothing here. Loaded when
 * a webhook is configured.
 */
import { createHmac, randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { eventsFitting, hookName } from '../config/webhook-keys.ts';
import type { EventBus } from '../events/bus.ts';
import { levelOf } from '../events/catalog.ts';
import type { AppEvent, EventType } from '../events/events.ts';
import type { DeviceDirectory } from '../observe/directory.ts';
import { lineOf } from '../observe/line.ts';
import { type VendorOf, vendorLookup } from '../observe/vendors.ts';
import { type Delivery, type QueueNews, WebhookQueue } from './webhook-queue.ts';

/** One that is told. */
export interface Webhook {
  readonly url: string;
  /** Patterns. */
  readonly events: readonly string[];
  readonly secret: string | undefined;
}

export interface WebhookParts {
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly directory: Pick<DeviceDirectory, 'identify'>;
  /** The program's own. */
  readonly version: string;
}

interface Message {
  readonly id: string;
  readonly event: EventType;
  readonly body: string;
}

const PATIENCE_MS = 10_000;
/** For what still waits when the server stops. */
const GRACE_MS = 1_000;
/** Worth another try: the server is too busy, or something at its side is broken (RFC 9110 §15.5, §15.6). */
const LATER: ReadonlySet<number> = new Set([408, 425, 429]);

export class Webhooks {
  readonly #hooks: readonly Hook[];
  readonly #stopListening: () => void;

  constructor(webhooks: readonly Webhook[], parts: WebhookParts) {
    this.#hooks = webhooks.map((webhook) => new Hook(webhook, parts));
    const vendorOf = vendorLookup();
    this.#stopListening = parts.bus.listen((event) => {
      const wanting = this.#hooks.filter(({ types }) => types.has(event.type));
      if (wanting.length === 0) return;
      const message = messageOf(event, parts, vendorOf);
      for (const hook of wanting) hook.push(message);
    });
  }

  /** What waits is tried for a moment, and then forgotten. */
  async close(): Promise<void> {
    this.#stopListening();
    await Promise.all(this.#hooks.map((hook) => hook.close()));
  }
}

function messageOf(event: AppEvent, { clock, directory }: WebhookParts, vendorOf: VendorOf): Message {
  const { text, fields } = lineOf(event, (subject) => directory.identify(subject), vendorOf);
  const id = randomUUID();
  const device = fields.mac ?? fields.address;
  const own = { id, at: clock.wall(), event: event.type, level: levelOf(event), text, ...(device !== undefined && { device }) };
  return { id, event: event.type, body: JSON.stringify({ ...fields, ...own }) };
}

class Hook {
  readonly types: ReadonlySet<EventType>;
  readonly #webhook: Webhook;
  readonly #parts: WebhookParts;
  readonly #queue = new WebhookQueue<Message>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(webhook: Webhook, parts: WebhookParts) {
    this.types = new Set(eventsFitting(webhook.events));
    this.#webhook = webhook;
    this.#parts = parts;
  }

  push(message: Message): void {
    this.#tell(this.#queue.push(message, this.#parts.clock.mono()));
    this.#next();
  }

  async close(): Promise<void> {
    if (!this.#queue.isEmpty)
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, GRACE_MS);
        this.#onEmpty = () => {
          clearTimeout(late);
          resolve();
        };
      });
    clearTimeout(this.#timer);
    this.#closing.abort();
  }

  #next(): void {
    const { clock } = this.#parts;
    clearTimeout(this.#timer);
    const waitMs = this.#queue.waitMs(clock.mono());
    if (waitMs === undefined || this.#closing.signal.aborted) return;
    if (waitMs > 0) {
      this.#timer = setTimeout(() => this.#next(), waitMs).unref();
      return;
    }
    const message = this.#queue.take(clock.mono());
    if (message === undefined) return;
    void this.#send(message).then((outcome) => {
      if (this.#closing.signal.aborted) return;
      this.#tell(this.#queue.settle(outcome, clock.mono()));
      if (this.#queue.isEmpty) this.#onEmpty?.();
      this.#next();
    });
  }

  /** Never rejects. */
  async #send({ id, event, body }: Message): Promise<Delivery> {
    const { url, secret } = this.#webhook;
    try {
      const answer = await fetch(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'user-agent': `Bootlace/${this.#parts.version}`,
          'x-bootlace-event': event,
          'x-bootlace-delivery': id,
          ...(secret !== undefined && { 'x-bootlace-signature': signature(secret, body) }),
        },
        // Elsewhere nobody has said that it may know.
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), this.#closing.signal]),
      });
      await answer.body?.cancel();
      return deliveryOf(answer.status);
    } catch (fault) {
      return { is: 'failed', why: whyUnreachable(fault) };
    }
  }

  #tell(news: QueueNews | undefined): void {
    if (news === undefined) return;
    const hook = hookName(this.#webhook.url);
    const { tell } = this.#parts.bus;
    if (news.news === 'recovered') tell({ type: 'webhook.recovered', hook, failedForMs: news.failedForMs, lost: news.lost });
    else tell({ type: 'webhook.failed', hook, reason: news.reason, waiting: news.waiting, lost: news.lost });
  }
}

/** Of the octets of the body, as they are sent. */
function signature(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function deliveryOf(status: number): Delivery {
  if (status >= 200 && status < 300) return { is: 'taken' };
  if (status >= 500 || LATER.has(status)) return { is: 'failed', why: `it answered ${status}` };
  const isElsewhere = status >= 300 && status < 400;
  return { is: 'refused', why: `it answered ${status}${isElsewhere ? ', and nobody is followed elsewhere' : ''}` };
}

/** Without the URL, which may hold a secret. */
function whyUnreachable(fault: unknown): string {
  if (fault instanceof Error && fault.name === 'TimeoutError') return `no answer within ${PATIENCE_MS / 1000} s`;
  const cause = fault instanceof Error ? fault.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : undefined;
  return `it cannot be reached${code === undefined ? '' : ` (${code})`}`;
}
