/** The boot menu: an entry for a machine, once or from now on, and waking it. */
import { expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { benchForEach } from './support/page-bench.ts';

describeWith(['chromium'], 'the boot menu of the page', () => {
  const bench = benchForEach();

  test('an entry is chosen for the next time, changed, and taken back', async () => {
    const page = await bench.visit({ hash: '#/boot' });
    await page.getByRole('button', { name: 'Choose for a machine' }).click();
    await page.getByLabel('MAC address').fill('52:54:00:aa:bb:cc');
    await page.getByLabel('Entry', { exact: true }).selectOption('rescue');
    await page.getByRole('dialog').getByRole('button', { name: 'Choose' }).click();
    await page.getByText('52:54:00:aa:bb:cc boots Rescue system the next time').waitFor();
    const row = page.getByRole('row').filter({ hasText: '52:54:00:aa:bb:cc' });
    await row.getByText('Once').waitFor();
    await row.getByRole('button', { name: 'Change' }).click();
    await page.getByLabel('Only the next time').uncheck();
    await page.getByRole('dialog').getByRole('button', { name: 'Choose' }).click();
    await expect.poll(() => row.getByText('Once').count()).toBe(0);
    await row.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('52:54:00:aa:bb:cc boots by the configuration again').waitFor();
    await expect.poll(() => row.count()).toBe(0);
  });

  test('a link of a device opens its choice, and is taken out of the address', async () => {
    const page = await bench.visit({ hash: `#/boot?mac=${encodeURIComponent('52:54:00:aa:bb:cd')}` });
    await page.getByRole('dialog', { name: 'What 52:54:00:aa:bb:cd boots' }).getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(page.url()).not.toContain('mac=');
  });

  test('what the configuration says is not cleared here', async () => {
    const page = await bench.visit({ hash: '#/boot' });
    const row = page.getByRole('row').filter({ hasText: 'desk-7' });
    await row.waitFor();
    expect(await row.getByRole('button').allTextContents()).toEqual(['Change', 'Wake']);
  });

  test('a machine is woken, and one that cannot be says why', async () => {
    const page = await bench.visit({ hash: '#/boot', expectsFaults: true });
    await page.getByRole('row').filter({ hasText: 'pc-102' }).getByRole('button', { name: 'Wake' }).click();
    await page.getByText('pc-102 was sent its wake-up packet').waitFor();
    await page.getByRole('row').filter({ hasText: 'desk-7' }).getByRole('button', { name: 'Wake' }).click();
    await page.getByText('no network is served that it could be woken in').waitFor();
  });
});
