// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a rule names what it knows of a client
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { invariant } from '../../src/base/result.ts';
import { parseLinearPattern } from '../../src/config/linear-pattern.ts';
import { loadConfig } from '../../src/config/load.ts';
import { scratch } from '../support/scratch.ts';

const folder = scratch('remap');

/** Line, column, severity and message of what is found about these rules. */
async function found(...rules: string[]): Promise<readonly string[]> {
  const file = join(folder, 'config.yaml');
  writeFileSync(file, `tftp:\n  root: .\n  remap:\n${rules.map((rule) => `    - ${rule}\n`).join('')}boot: { files: {} }\n`);
  const { diagnostics } = await loadConfig(file, {});
  return diagnostics
    .filter(({ path }) => path.startsWith('tftp.remap'))
    .map(({ position, severity, message }) => `${position?.line}:${position?.column} ${severity}: ${message}`);
}

describe('tftp.remap', () => {
  it.each([
    ['{ match: "^cfg/(.*)$", to: "configs/$1" }', []],
    ['{ match: "^(?P<a>x)|y$", to: "${mac}/${ip}/${name}/$1/$$" }', []],
    ['{ match: "(", to: "x" }', ['4:16 error: `match` must be a regular expression (missing closing ): `(`), but is "("']],
    ['{ match: "(a)\\\\1", to: "x" }', [expect.stringContaining('4:16 error: `match` must not look ahead or behind, or refer back')]],
    ['{ match: "(?=a)b", to: "x" }', [expect.stringContaining('4:16 error: `match` must not look ahead or behind, or refer back')]],
    ['{ match: "(.{900}){9}", to: "x" }', [expect.stringMatching(/4:16 error: `match` must/)]],
    ['{ match: "a{900}", to: "x" }', ['4:16 error: `match` must not be so long, or repeat so much']],
    ['{ match: "x", to: "a/$1" }', ['4:25 error: $1 stands for nothing: the pattern has no group in brackets']],
    ['{ match: "(x)", to: "a/$2" }', ['4:27 error: $2 stands for nothing: the pattern has only 1 in brackets']],
    ['{ match: "x", to: "a$b" }', ['4:25 error: a $ by itself stands for nothing; write $$ for the sign']],
    ['{ match: "x", to: "../$1" }', [expect.stringContaining('4:25 error')]],
    ['{ match: "x", to: "a\\\\..\\\\b" }', ['4:25 error: `to` must not hold ..: no file outside of `tftp.root` is served']],
  ])('%s: %j', async (rule, findings) => expect(await found(rule)).toEqual(findings));

  it('warns of a rule that no name comes to', async () => {
    expect(await found('{ match: "^a$", to: b }', '{ match: "^a$", to: c }')).toEqual([
      '5:16 warning: no name comes to this rule: rule 1 takes all that it could fit',
    ]);
    expect(await found('{ match: "^(.*)$", to: "x/$1" }', '{ match: b, to: c }')).toHaveLength(1);
    expect(await found('{ match: "^(.*)$", to: "${name}/$1" }', '{ match: b, to: c }')).toEqual([]);
    expect(await found('{ match: "^a(.*)$", to: "x/$1" }', '{ match: b, to: c }')).toEqual([]);
  });
});

describe('a pattern', () => {
  it('takes a time that grows with the name and no faster, whatever both hold', () => {
    const pattern = parseLinearPattern('^(a+)+(.*)*(a|aa)*$x');
    invariant(pattern.ok, 'a pattern');
    const before = performance.now();
    expect(pattern.value.find(`${'a'.repeat(1000)}b`)).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  it('looks at the octets of a name, which may be UTF-8', () => {
    const pattern = parseLinearPattern('^café-(.*)');
    invariant(pattern.ok, 'a pattern');
    expect(pattern.value.find('caf\xc3\xa9-1')).toEqual({ start: 0, end: 7, groups: ['1'] });
  });
});
