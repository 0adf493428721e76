/** Whether each network of the configuration has an interface, a cable and its address, by the same rules as the server goes by. */
import { showCidr } from '../base/addresses.ts';
import type { NetworkConfig } from '../config/config.ts';
import { planNetwork } from '../net/network-plan.ts';
import type { InterfaceFacts } from '../net/ports.ts';
import { doubtful, type Finding, fine } from './finding.ts';

/** @param facts the interfaces as they are now. */
export function judgeNetworks(networks: readonly NetworkConfig[], facts: readonly InterfaceFacts[]): readonly Finding[] {
  const taken = new Set<string>();
  return networks.map(({ name, attachment }) => {
    const check = `network ${name}`;
    if (attachment.kind === 'relay') return fine(check, `${showCidr(attachment.subnet)}, behind a relay`);
    const plan = planNetwork({ name, ...attachment }, { served: undefined, assigned: undefined }, facts, taken);
    if (plan.do === 'wait') {
      return doubtful(
        check,
        `waits: ${plan.why}`,
        'nothing, if the cable comes later: the server starts without it and looks every second',
      );
    }
    taken.add(plan.facts.name);
    const address = plan.addressIsThere ? 'which has' : 'which gets';
    return fine(check, `on ${plan.facts.name} (${plan.why}), ${address} ${showCidr(plan.address)}`);
  });
}
