/** What can be ordered of a running appliance by its control socket, and who does it. */
import { parseIpv4 } from '../base/addresses.ts';
import type { Devices } from '../devices/api.ts';
import type { Tell } from '../events/bus.ts';
import type { WakeSockets } from '../net/wake-call.ts';
import type { BootChoices } from './boot-choices.ts';
import type { ControlAnswer, ControlOrder } from './control.ts';
import { answerAboutDevices } from './device-orders.ts';
import type { PacketsOfDevice } from './device-packets.ts';
import type { DhcpLink } from './dhcp-link.ts';
import type { ReloadOutcome } from './reload.ts';
import { obeyWake, type WakeSite } from './wake.ts';

/** Those that orders are for. */
export interface OrderedParts {
  readonly reload: () => Promise<ReloadOutcome>;
  readonly dhcp: Pick<DhcpLink, 'release'>;
  readonly choices: Pick<BootChoices, 'choose' | 'clear'>;
  readonly book: Devices;
  readonly packetsOf: PacketsOfDevice;
  readonly tell: Tell;
  readonly sockets: WakeSockets;
  readonly site: () => WakeSite;
}

/** Rejects with what went wrong; what is wrong with the order itself is in the answer. */
export async function obeyOrder(order: ControlOrder, parts: OrderedParts): Promise<ControlAnswer> {
  const { pid } = process;
  switch (order.do) {
    case 'hello':
      return { ok: true, pid };
    case 'reload': {
      const outcome = await parts.reload();
      return outcome.ok ? { ...outcome, pid } : { ...outcome, error: 'the configuration is not used' };
    }
    case 'release': {
      const address = parseIpv4(order.address);
      if (address === undefined) return { ok: false, error: `${order.address} is no IPv4 address` };
      return { ok: true, pid, found: await parts.dhcp.release(address) };
    }
    case 'wake':
      return obeyWake(order, parts.site(), parts.sockets, parts.tell);
    case 'devices':
    case 'timeline':
      return { ok: true, pid, ...answerAboutDevices(order, parts.book) };
    case 'packets':
      return { ok: true, pid, packets: await parts.packetsOf(order.device) };
    case 'follow':
      return { ok: false, error: 'there is nothing to follow here' };
    case 'choose': {
      const { mac, entry, once } = order;
      await parts.choices.choose({ mac, entry, once });
      return { ok: true, pid };
    }
    case 'clear-choice':
      return { ok: true, pid, found: await parts.choices.clear(order.mac) };
  }
}
