// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names its variables
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../src/config/changes.ts';
import type { Config } from '../../src/config/config.ts';
import { showDiagnostics } from '../../src/config/diagnostics.ts';
import { checkText } from '../../src/config/load.ts';
import { resolveConfig } from '../../src/config/resolve.ts';

/** YAML that is nearly a configuration: its own words in any order. */
const words = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'networks:',
        'hosts:',
        'classes:',
        'match:',
        'clientId:',
        'vendor:',
        'boot:',
        'options:',
        'pools:',
        'mac:',
        'address:',
        ' ',
        '  ',
        '\n',
        '- ',
        '[',
        ']',
        '{',
        '}',
        ': ',
        '\t',
        '&a ',
        '*a',
        '"',
        '${X}',
        '${server}',
        '|',
        '? ',
        '#',
        '!!map ',
        '<<: ',
        '---\n',
      ),
      fc.constantFrom(
        '192.168.77.1/24',
        '192.168.77.100-192.168.77.199',
        '00:1b:54:aa:bb:cc',
        '1h',
        'router',
        '150',
        '0',
        'true',
        'null',
        '__proto__',
        'constructor',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('whatever the file holds', () => {
  it('any text gives a configuration or an error, each in its place', () => {
    fc.assert(
      fc.property(fc.oneof(words, fc.string({ unit: 'binary' })), (text) => {
        const { written, diagnostics } = checkText(text, { file: 'config.yaml', env: {} });
        expect(written === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
        for (const { position } of diagnostics) {
          if (position === undefined) continue;
          expect(position.column).toBeGreaterThanOrEqual(1);
          expect(position.column).toBeLessThanOrEqual(position.text.length + 1);
          expect(position.length).toBeGreaterThanOrEqual(1);
          expect(position.text).not.toContain('\n');
        }
        expect(showDiagnostics(diagnostics, { colour: true })).toBeTypeOf('string');
        if (written !== undefined) resolveConfig(written, '/srv', undefined);
      }),
      { numRuns: 800 },
    );
  });

  it('any JSON in place of any key gives a configuration or an error', () => {
    const part = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.constantFrom<unknown>([], {}, [{}], [[]], '${server}', 0, -1, null, '*', 'mac', true, '1h', '10.0.0.9', { hex: '0' }),
    );
    const record = (keys: readonly string[]) =>
      fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string({ maxLength: 8 })), part, { maxKeys: 4 });
    const network = record(['name', 'interface', 'address', 'subnet', 'assign', 'mode', 'pools', 'leaseTime', 'options']);
    const host = record(['mac', 'clientId', 'circuitId', 'name', 'address', 'leaseTime', 'options', 'boot']);
    const match = record(['arch', 'vendorClass', 'userClass', 'mac', 'clientId', 'circuitId', 'subscriberId', 'network']);
    const options = record(['vendor', 'vivso', 'vivco', '43', '121', 'router']);
    const one = fc.record(
      { name: part, match: fc.oneof(match, part), options: fc.oneof(options, part), pools: part },
      { requiredKeys: [] },
    );
    const config = fc.record(
      {
        networks: fc.oneof(fc.array(network, { maxLength: 3 }), part),
        hosts: fc.oneof(fc.array(host, { maxLength: 3 }), part),
        classes: fc.oneof(fc.array(one, { maxLength: 3 }), part),
        leasequery: part,
        boot: fc.oneof(record(['files', 'ipxe']), part),
        tftp: fc.oneof(record(['root', 'maxBlockSize', 'uploads']), part),
        log: part,
        server: part,
        leases: part,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(config, (value) => {
        const { written, diagnostics } = checkText(JSON.stringify(value), { file: 'config.yaml', env: {} });
        expect(written === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
      }),
      { numRuns: 500 },
    );
  });

  it('what is accepted can be compared with any other, and only itself is no change', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((name) => name.trim() !== '' && !/\p{Cc}/u.test(name));
    const one = fc.record(
      { name: text, match: fc.record({ vendorClass: text, network: fc.constant('*'), clientId: fc.array(text, { minLength: 1 }) }) },
      { requiredKeys: ['name', 'match'] },
    );
    const file = fc.record({
      hosts: fc.uniqueArray(
        fc.record({
          clientId: text,
          leaseTime: fc.integer({ min: 60, max: 999 }),
          options: fc.dictionary(fc.constantFrom('dns', '224'), fc.constant('10.0.0.1')),
        }),
        { selector: ({ clientId }) => clientId, maxLength: 3 },
      ),
      classes: fc.uniqueArray(one, { selector: ({ name }) => name, maxLength: 3 }),
    });
    const read = (value: unknown): Config | undefined => {
      const { written } = checkText(JSON.stringify(value), { file: 'config.yaml', env: {} });
      return written && resolveConfig(written, '/srv', undefined);
    };
    fc.assert(
      fc.property(file, file, (a, b) => {
        const [before, after] = [read(a), read(b)];
        if (before === undefined || after === undefined) return;
        expect(changesBetween(before, before)).toEqual([]);
        expect(changesBetween(before, after).length > 0).toBe(JSON.stringify(before) !== JSON.stringify(after));
      }),
    );
  });

  it.each([
    ['ten thousand brackets', '['.repeat(10_000)],
    ['a hundred braces that close again', `${'{a: '.repeat(100)}${'}'.repeat(100)}`],
    [
      'aliases that grow without end',
      [
        'a: &a [x, x, x, x, x, x, x, x, x]',
        ...Array.from('bcdefghi', (name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]}, `.repeat(9)}]`),
      ].join('\n'),
    ],
    ['a long line', `log: { level: ${'x'.repeat(5000)} }`],
  ])('%s', (_, text) => {
    const { written, diagnostics } = checkText(text, { file: 'config.yaml', env: {} });
    expect(written).toBeUndefined();
    const widest = Math.max(
      ...showDiagnostics(diagnostics, { colour: false })
        .split('\n')
        .map((line) => line.length),
    );
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.length).toBeLessThan(20);
    expect(widest).toBeLessThan(200);
  });
});
