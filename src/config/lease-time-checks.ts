/** Lease times whose bounds and default contradict each other, wherever they are set. */
import { error, type Finding } from './diagnostics.ts';
import { leaseTimeOf } from './resolve.ts';
import { showDuration } from './units.ts';
import type { WellFormed } from './well-formed.ts';

/** Looks at the lease times of networks, hosts and classes. */
export function checkLeaseTimes({ networks, hosts, classes }: WellFormed): readonly Finding[] {
  return [...networks, ...hosts, ...classes].flatMap(({ path, value: { leaseTime } }): readonly Finding[] => {
    if (leaseTime === undefined || typeof leaseTime === 'number') return [];
    const { default: normal, min, max } = leaseTimeOf(leaseTime);
    const at = [...path, 'leaseTime'];
    const findings: Finding[] = [];
    if (min > normal)
      findings.push(error([...at, 'min'], `the least lease time ${showDuration(min)} is longer than the default ${showDuration(normal)}`));
    if (max < normal)
      findings.push(
        error([...at, 'max'], `the longest lease time ${showDuration(max)} is shorter than the default ${showDuration(normal)}`),
      );
    return findings;
  });
}
