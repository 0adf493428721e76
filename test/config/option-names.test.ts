import registry from 'dhcp/lib/options.js';
import { describe, expect, it } from 'vitest';
import { findOption } from '../../src/config/option-names.ts';
import { configureOption } from '../../src/config/option-values.ts';
import { OPTION_TABLE, optionRow } from '../../src/dhcp/option-table.ts';

const registered = Object.entries(registry.opts).flatMap(([code, row]) => {
  const name = row.config ?? row.attr;
  return name === undefined || Number(code) > 254 ? [] : [{ name, code: Number(code) }];
});

describe('names of DHCP options', () => {
  it('has a registry to compare with', () => {
    expect(registered.length).toBeGreaterThan(75);
  });

  it.each(registered)('$name is option $code, as in node-dhcp, with our shape', ({ name, code }) => {
    expect(findOption(name)).toEqual({ ok: true, value: code });
    expect(optionRow(code)?.configName).toBe(name);
    const configured = configureOption(name, {});
    // No shape takes an empty mapping, so the fault shows which one was used; codes of the server's own name their reason.
    expect(configured.ok ? '' : configured.error.message).toMatch(/^option \d+ \(.*\) (?:must be|cannot be configured)/);
  });

  it.each(OPTION_TABLE)('$configName is option $code', ({ configName, code }) => {
    expect(findOption(configName)).toEqual({ ok: true, value: code });
  });

  it.each([
    ['1', 1],
    ['254', 254],
    ['230', 230],
  ])('the number %s', (text, code) => {
    expect(findOption(text)).toEqual({ ok: true, value: code });
  });

  it.each([
    ['0', 'there is no DHCP option 0', 'options have numbers from 1 to 254'],
    ['255', 'there is no DHCP option 255', 'options have numbers from 1 to 254'],
    ['rooter', 'unknown DHCP option `rooter`', 'did you mean `router`?'],
    ['domain-name-servers', 'unknown DHCP option `domain-name-servers`', 'did you mean `dns`?'],
    ['Domain Name', 'unknown DHCP option `Domain Name`', 'did you mean `domainName`?'],
    ['randomIP', 'unknown DHCP option `randomIP`', '`bootlace options` lists all names; a number works too'],
    ['constructor', 'unknown DHCP option `constructor`', '`bootlace options` lists all names; a number works too'],
  ])('%s is none', (name, message, hint) => {
    expect(findOption(name)).toEqual({ ok: false, error: { message, hint } });
  });
});
