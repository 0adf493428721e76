/** Backups: any two versions compared, and an old one brought back. */
import { expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { benchForEach, SIZES } from './support/page-bench.ts';

const SWITCH = '#/backups?device=switch1&file=running-config';

describeWith(['chromium'], 'the backups of the page', () => {
  const bench = benchForEach();

  test('the newest version is compared with the one before, and words that changed are marked', async () => {
    const page = await bench.visit({ hash: '#/backups' });
    await page.getByRole('row').filter({ hasText: 'switch1' }).getByRole('link').click();
    const diff = page.getByRole('region', { name: 'Differences between version 2 and version 3' });
    await diff.getByText('exec-timeout 5 0').waitFor();
    expect(await diff.locator('mark').allTextContents()).toEqual(['printer in ', 'telnet ']);
    expect(await diff.getByText('40 lines that are the same').count()).toBe(1);
  });

  test('sides stand beside each other where there is room, and below each other on a phone', async () => {
    const wide = await bench.visit({ hash: SWITCH });
    await wide.locator('mark').first().waitFor();
    expect(await wide.locator('.diff-row').count()).toBeGreaterThan(5);
    const narrow = await bench.visit({ hash: SWITCH, size: SIZES[2] });
    await narrow.locator('mark').first().waitFor();
    expect(await narrow.locator('.diff-row').count()).toBe(0);
  });

  test('what changes by itself is left out until it is wanted', async () => {
    const page = await bench.visit({ hash: SWITCH });
    await page.locator('mark').first().waitFor();
    expect(await page.getByText('Last configuration change').count()).toBe(0);
    await page.getByLabel('Leave out what changes by itself').uncheck();
    await page.getByText('Last configuration change').first().waitFor();
  });

  test('any two versions are compared', async () => {
    const page = await bench.visit({ hash: '#/backups?device=core1&file=running-config' });
    await page.getByLabel('Older version').selectOption('1');
    await page.getByRole('region', { name: 'Differences between version 1 and version 4' }).waitFor();
    await page.getByLabel('Newer version').selectOption('3');
    await page.getByRole('region', { name: 'Differences between version 1 and version 3' }).waitFor();
  });

  test('two thousand lines are read from the first to the last, with a screenful of them there at a time', async () => {
    const page = await bench.visit({ hash: '#/backups?device=core1&file=running-config&show=whole' });
    const lines = page.getByRole('region', { name: 'Version 4 of running-config' });
    await lines.getByText('version 17.9').waitFor();
    expect(await lines.locator('.diff-line').count()).toBeLessThan(150);
    await lines.focus();
    await page.keyboard.press('End');
    await lines.getByText('1957', { exact: true }).waitFor();
  });

  test('a file that is no text says so', async () => {
    const page = await bench.visit({ hash: '#/backups?device=core1&file=vlan.dat' });
    await page.getByText('This file is no text').waitFor();
  });

  test('an old version is restored after a word on what follows, and a refusal is told', async () => {
    const page = await bench.visit({ hash: `${SWITCH}&to=2`, expectsFaults: true });
    await page.getByRole('button', { name: 'Restore version 2' }).click();
    const dialog = page.getByRole('dialog', { name: 'Restore version 2?' });
    expect(await dialog.textContent()).toContain('No version is lost');
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('switch1 now reads version 2 as running-config').waitFor();
    await page.getByRole('link', { name: /^Version 1/ }).click();
    await page.getByRole('button', { name: 'Restore version 1' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await page.getByText('version 1 is no longer on the disk').waitFor();
  });
});
