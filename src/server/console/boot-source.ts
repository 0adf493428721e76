/** What the console tells of menus and of what is chosen, and chooses; and waking machines. */
import { isInside, type Mac, parseIpv4, parseMac } from '../../base/addresses.ts';
import { err, faultText, ok, type Result } from '../../base/result.ts';
import type { Config } from '../../config/config.ts';
import type { Devices } from '../../devices/api.ts';
import type { Tell } from '../../events/bus.ts';
import { plainText } from '../../events/plain-text.ts';
import type { WakeSockets } from '../../net/wake-call.ts';
import type { BootControl } from '../../web/api/boot-routes.ts';
import type { BootStateShape } from '../../web/api/boot-shapes.ts';
import { type ApiRefusal, apiRefusal } from '../../web/api/refusal-answer.ts';
import type { BootChoices } from '../boot-choices.ts';
import { bootRowsOf, menuEntriesOf, whyNoEntry } from '../boot-list.ts';
import { obeyWake, type WakeSite } from '../wake.ts';

export interface BootControlParts {
  /** The one in force. */
  readonly config: () => Config;
  readonly choices: Pick<BootChoices, 'all' | 'choose' | 'clear'>;
  readonly book: Pick<Devices, 'list'>;
  readonly wakeSite: () => WakeSite;
  readonly sockets: WakeSockets;
  readonly tell: Tell;
}

export class ConsoleBoot implements BootControl {
  readonly #parts: BootControlParts;

  constructor(parts: BootControlParts) {
    this.#parts = parts;
  }

  state(): BootStateShape {
    const config = this.#parts.config();
    return {
      entries: menuEntriesOf(config).map(({ name, title, isDefault }) => ({ name, title, isDefault })),
      choices: bootRowsOf(config, this.#parts.choices.all).map(({ mac, name, entry, by, once }) => ({
        mac: mac ?? '',
        ...(name !== undefined && { name }),
        entry,
        isOnce: once,
        by: by === 'chosen' ? 'operator' : by,
      })),
    };
  }

  async choose(written: string, { entry, isOnce }: { entry: string; isOnce: boolean }): Promise<Result<void, ApiRefusal>> {
    const mac = readMac(written);
    if (!mac.ok) return mac;
    const whyNot = whyNoEntry(this.#parts.config(), entry);
    if (whyNot !== undefined) return err(apiRefusal(422, plainText(whyNot)));
    return attempt(() => this.#parts.choices.choose({ mac: mac.value, entry, once: isOnce }));
  }

  async clear(written: string): Promise<Result<void, ApiRefusal>> {
    const mac = readMac(written);
    if (!mac.ok) return mac;
    let isFound = true;
    const cleared = await attempt(async () => {
      isFound = await this.#parts.choices.clear(mac.value);
    });
    return cleared.ok && !isFound ? err(apiRefusal(404, `nothing was chosen for ${mac.value}: it boots by the configuration`)) : cleared;
  }

  async wake(written: string): Promise<Result<void, ApiRefusal>> {
    const mac = readMac(written);
    if (!mac.ok) return mac;
    const { wakeSite, sockets, tell } = this.#parts;
    const network = this.#networkOf(mac.value);
    try {
      const answer = await obeyWake({ do: 'wake', mac: mac.value, ...(network !== undefined && { network }) }, wakeSite(), sockets, tell);
      return answer.ok ? ok(undefined) : err(apiRefusal(409, answer.error));
    } catch (fault) {
      return err(apiRefusal(500, faultText(fault)));
    }
  }

  /** Where it was last, or where its reserved address is; undefined: it is called on all of them. */
  #networkOf(mac: Mac): string | undefined {
    const { book, config } = this.#parts;
    const seen = book.list().find((device) => device.mac === mac)?.address;
    const address = (seen === undefined ? undefined : parseIpv4(seen)) ?? config().hosts.find(({ key }) => key.mac === mac)?.address;
    return config().networks.find(({ attachment }) => {
      const subnet = attachment.kind === 'relay' ? attachment.subnet : attachment.address;
      return address !== undefined && subnet !== undefined && isInside(subnet, address);
    })?.name;
  }
}

function readMac(text: string): Result<Mac, ApiRefusal> {
  const mac = parseMac(text);
  return mac === undefined ? err(apiRefusal(422, `${plainText(text)} is no MAC address such as 00:1b:54:aa:bb:cc`)) : ok(mac);
}

async function attempt(act: () => Promise<void>): Promise<Result<void, ApiRefusal>> {
  try {
    await act();
    return ok(undefined);
  } catch (fault) {
    return err(apiRefusal(500, `it could not be written down: ${faultText(fault)}`));
  }
}
