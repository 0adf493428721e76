/** How full each network of the configuration is, one without any lease included. */
import type { Config } from '../config/config.ts';
import type { Occupancy } from '../dhcp/lease-book.ts';
import type { NetworkOccupancy } from '../observe/metrics.ts';

export function occupancyOf(counted: readonly Occupancy[], { networks }: Pick<Config, 'networks'>): readonly NetworkOccupancy[] {
  return networks.map(({ name, pools }) => {
    const counts = counted.find(({ network }) => network === name);
    return {
      network: name,
      addresses: pools?.reduce((sum, { first, last }) => sum + last - first + 1, 0),
      bound: counts?.bound ?? 0,
      quarantined: counts?.quarantined ?? 0,
    };
  });
}
