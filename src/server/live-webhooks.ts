/** The webhooks of the configuration, while it changes. */
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { faultText } from '../base/result.ts';
import type { Config, WebhookConfig } from '../config/config.ts';
import { hookName } from '../config/webhook-keys.ts';
import type { Webhook, WebhookParts, Webhooks } from './webhooks.ts';

export class LiveWebhooks {
  readonly #parts: WebhookParts;
  #configured: readonly WebhookConfig[] = [];
  #webhooks: Webhooks | undefined;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
  }

  /** Tells those of this configuration from now on. What waits for others is forgotten. Never rejects. */
  async configure({ web }: Pick<Config, 'web'>): Promise<void> {
    if (isDeepStrictEqual(web.webhooks, this.#configured)) return;
    await this.close();
    this.#configured = web.webhooks;
    if (web.webhooks.length === 0) return;
    const ready = (await Promise.all(web.webhooks.map((one) => this.#withSecret(one)))).flat();
    const { Webhooks } = await import('./webhooks.ts');
    this.#webhooks = new Webhooks(ready, this.#parts);
  }

  async close(): Promise<void> {
    const closing = this.#webhooks;
    this.#webhooks = undefined;
    await closing?.close();
  }

  /** None where its secret cannot be had: a message without its signature would be taken for somebody else's. */
  async #withSecret({ url, events, secret }: WebhookConfig): Promise<Webhook[]> {
    if (secret === undefined || 'text' in secret) return [{ url, events, secret: secret?.text }];
    try {
      return [{ url, events, secret: (await readFile(secret.file, 'utf8')).trim() }];
    } catch (fault) {
      const reason = `its secret cannot be read: ${faultText(fault)}`;
      this.#parts.bus.tell({ type: 'webhook.failed', hook: hookName(url), reason, waiting: 0, lost: 0 });
      return [];
    }
  }
}
