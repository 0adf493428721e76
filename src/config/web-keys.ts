/** Keys of `web`. */
import { z } from 'zod';
import { parseIpv4 } from '../base/addresses.ts';
import type { ListenAt } from './config.ts';
import { refuseIssue } from './values.ts';
import { webhooksSchema } from './webhook-keys.ts';

const ACCEPTS = 'must be an address and a port such as 127.0.0.1:8067, or off';

/** Undefined for `off`. */
const listenValue = z
  .string({ error: ACCEPTS })
  .transform((text, context): ListenAt | undefined => {
    if (text === 'off') return undefined;
    return parseListenAt(text) ?? refuseIssue(context, text, ACCEPTS);
  })
  .meta({ title: 'address and port, or off', examples: ['127.0.0.1:8067'] });

/** `ADDRESS:PORT`. */
function parseListenAt(text: string): ListenAt | undefined {
  const [, host = '', portText = ''] = /^([\d.]+):(\d{1,5})$/.exec(text.trim()) ?? [];
  const [address, port] = [parseIpv4(host), Number(portText)];
  return address !== undefined && port >= 1 && port <= 65_535 ? { address, port } : undefined;
}

export const webSchema = z
  .strictObject({
    listen: listenValue
      .prefault('127.0.0.1:8067')
      .describe(
        'Where the page, its API and metrics are served. On the loopback whoever works on this machine may ask; at any other address (`0.0.0.0` is all of them) a token is needed, which is in `web-token` in `server.dataDir`. `off`: nowhere.',
      ),
    webhooks: webhooksSchema,
  })
  .prefault({})
  .describe('What this server tells of itself by HTTP.');
