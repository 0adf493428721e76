/** The rules of WCAG that a program can check, in each view, and in what it opens. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { benchForAll, SIZES } from './support/page-bench.ts';

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

const CASES = SIZES.flatMap((size) => VIEWS.map(([hash, word]) => ({ hash, word, size, name: size.name })));

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
}

describeWith(['chromium'], 'the views of the page for everybody', () => {
  const bench = benchForAll();

  test.each(CASES)('$hash, $name', async ({ hash, word, size }) => {
    const page = await bench.visit({ hash, size, scheme: 'light' });
    await page.getByText(word).last().waitFor();
    expect(await violations(page), 'light').toEqual([]);
    // The page follows the system without being loaded again.
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(page), 'dark').toEqual([]);
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
