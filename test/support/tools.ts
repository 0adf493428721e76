/** Which programs this machine has. A test that needs one it lacks is skipped by name; in CI that is a failure. */
import { describe } from 'vitest';
import { findTool } from './find-tool.ts';

/**
 * A `describe` whose tests run in network namespaces, with these programs (names, or files that have to be readable).
 * Namespaces need root and `ip`, so both are always asked for. What is missing is told in the name of the skipped tests;
 * where `CI` is set it throws instead, because there a missing tool is a fault of the machine and no reason to pass.
 */
export function describeWith(tools: readonly string[], name: string, body: () => void): void {
  const reason = whyNot(tools);
  if (reason === undefined) {
    describe(name, body);
    return;
  }
  if (process.env['CI'] !== undefined && process.env['CI'] !== '') throw new Error(`${name}: ${reason}`);
  console.warn(`SKIPPING ${name}: ${reason}`);
  describe.skip(`${name} – ${reason}`, body);
}

function whyNot(tools: readonly string[]): string | undefined {
  const missing = ['ip', ...tools].filter((tool) => findTool(tool) === undefined);
  const reasons = [
    ...(process.getuid?.() === 0 ? [] : ['root (network namespaces)']),
    ...(missing.length === 0 ? [] : [`${missing.join(', ')} (scripts/install-test-tools.sh)`]),
  ];
  return reasons.length === 0 ? undefined : `needs ${reasons.join(' and ')}`;
}
