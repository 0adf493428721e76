/** Configurations for tests, from the text that a person would write. */
import { expect } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { checkText } from '../../src/config/load.ts';
import { resolveConfig } from '../../src/config/resolve.ts';

/** The configuration of a text in which nothing is wrong; relative paths count from /srv. */
export function configFrom(yaml: string): Config {
  const { written, diagnostics } = checkText(yaml, { file: 'config.yaml', env: {} });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (written === undefined) throw new Error('the text is no configuration');
  return resolveConfig(written, '/srv', undefined);
}
