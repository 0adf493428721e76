/** The rules of WCAG that a program can check, in each view, and in what it opens. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { PageBench, SIZES } from './support/page-bench.ts';

/** Views, each with a word that is there when it is complete. */
const VIEWS = [
  ['#/leases', 'leaf-104'],
  ['#/transfers', 'ipxe.efi'],
  ['#/files', 'snponly.efi'],
  ['#/inventory', 'desk-101'],
  ['#/inventory?show=unknown', 'SEP001B54AABBCE'],
  ['#/backups', 'vlan.dat'],
  ['#/backups?device=switch1&file=running-config', 'exec-timeout'],
  ['#/boot', 'desk-7'],
  ['#/log', 'pc-112'],
  ['#/config', 'dataDir'],
] as const;

const DIALOGS = [
  ['#/leases', 'Release'],
  ['#/leases', 'Reserve'],
  ['#/inventory?show=unknown', 'Adopt'],
  ['#/boot', 'Choose for a machine'],
] as const;

const LOOKS = [
  { size: SIZES[0], scheme: 'light' },
  { size: SIZES[1], scheme: 'dark' },
  { size: SIZES[2], scheme: 'light' },
] as const;

const CASES = LOOKS.flatMap((look) => VIEWS.map(([hash, word]) => ({ hash, word, ...look, name: `${look.size.name}, ${look.scheme}` })));

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
}

describeWith(['chromium'], 'the views of the page for everybody', () => {
  let bench: PageBench;
  beforeAll(async () => {
    bench = await PageBench.open();
  });
  afterEach(() => bench.leave());
  afterAll(() => bench.close());

  test.each(CASES)('$hash, $name', async ({ hash, word, size, scheme }) => {
    const page = await bench.visit({ hash, size, scheme });
    await page.getByText(word).last().waitFor();
    expect(await violations(page)).toEqual([]);
    const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(wider, 'nothing is wider than the window').toBeLessThanOrEqual(0);
  });

  test.each(DIALOGS)('%s, the dialog of %s', async (hash, button) => {
    const page = await bench.visit({ hash });
    await page.getByRole('button', { name: button, exact: true }).first().click();
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
