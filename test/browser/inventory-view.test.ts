/** The inventory: what is written down, and adopting what is not. */
import { expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { benchForEach } from './support/page-bench.ts';

describeWith(['chromium'], 'the inventory of the page', () => {
  const bench = benchForEach();

  test('a device is found by its variables, with its place and its files', async () => {
    const page = await bench.visit({ hash: '#/inventory' });
    await page.getByRole('searchbox').fill('tom & jerry');
    await expect.poll(() => page.getByRole('row').count()).toBe(1 + 1);
    await page.getByText('phones.csv:2').click();
    const dialog = page.getByRole('dialog', { name: 'desk-101' });
    await dialog.getByText('SEP001B54AAAA00.cnf.xml').waitFor();
    expect(await dialog.textContent()).toContain('password****');
  });

  test('a link of a device opens its adoption, and is taken out of the address', async () => {
    const page = await bench.visit({ hash: `#/inventory?adopt=${encodeURIComponent('00:1b:54:aa:bb:ce')}` });
    await page.getByRole('dialog', { name: 'Adopt 00:1b:54:aa:bb:ce' }).getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(page.url()).not.toContain('adopt=');
  });

  test('an adoption shows all refusals, and then where it was written', async () => {
    const page = await bench.visit({ hash: '#/inventory?show=unknown', expectsFaults: true });
    await page.getByRole('row').filter({ hasText: 'SEP001B54AABBCE' }).getByRole('button', { name: 'Adopt' }).click();
    const dialog = page.getByRole('dialog', { name: 'Adopt 00:1b:54:aa:bb:ce' });
    expect(await dialog.getByLabel('Profile').inputValue()).toBe('cisco-sip');
    await dialog.getByLabel('Name').fill('desk-101');
    await dialog.getByRole('button', { name: 'Adopt' }).click();
    await dialog.getByText('the name desk-101 belongs to 00:1b:54:aa:aa:00 (phones.csv:2)').waitFor();
    await dialog.getByText('needs the variable extension').waitFor();
    await dialog.getByLabel('Name').fill('desk-148');
    await dialog.getByRole('button', { name: 'Add a variable' }).click();
    await dialog.getByLabel('Variable', { exact: true }).fill('extension');
    await dialog.getByLabel('Value').fill('148');
    await dialog.getByRole('button', { name: 'Adopt' }).click();
    await page.getByText('desk-148 is adopted, written to phones.csv:48; it gets SEP001B54AABBCE.cnf.xml').waitFor();
    await page.getByRole('radio', { name: /^Known/ }).check();
    await page.getByRole('searchbox').fill('desk-148');
    await page.getByRole('row').filter({ hasText: 'extension 148' }).waitFor();
  });
});
