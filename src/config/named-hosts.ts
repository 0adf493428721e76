/** The devices that the configuration gives a name and knows by their MAC address: what a log line can be about. */
import type { Mac } from '../base/addresses.ts';
import type { HostConfig } from './config.ts';

/** Names by MAC address. */
export function namedHosts(hosts: readonly Pick<HostConfig, 'key' | 'name'>[]): readonly { readonly mac: Mac; readonly name: string }[] {
  return hosts.flatMap(({ key: { mac }, name }) => (mac === undefined || name === undefined ? [] : [{ mac, name }]));
}
