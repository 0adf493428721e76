/** Leases: found, taken back, kept. */
import { expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { benchForEach } from './support/page-bench.ts';

describeWith(['chromium'], 'the leases of the page', () => {
  const bench = benchForEach();

  test('the device is told by name, and a hostile one is text', async () => {
    const page = await bench.visit({ hash: '#/leases' });
    await page.getByRole('searchbox').fill('onerror');
    await page.getByText('<img src=x onerror="document.title=1">').waitFor();
    expect(await page.title()).not.toBe('1');
  });

  test('a network shows its leases alone, and the address of the page keeps it', async () => {
    const page = await bench.visit({ hash: '#/leases' });
    await page.getByRole('button', { name: /^lab/ }).click();
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe('114');
    expect(page.url()).toContain('network=lab');
    expect(await page.getByText('nearly full').count()).toBe(1);
    expect(await page.getByText('Not served: the cable of eth2 is not plugged in').count()).toBe(1);
  });

  test('a release says what follows, and takes the address back', async () => {
    const page = await bench.visit({ hash: '#/leases?text=leaf-104' });
    await page.getByRole('button', { name: 'Release' }).click();
    const dialog = page.getByRole('dialog', { name: 'Release 10.0.99.10?' });
    expect(await dialog.textContent()).toContain('Another device can get 10.0.99.10 at once');
    await dialog.getByRole('button', { name: 'Release' }).click();
    await page.getByText('10.0.99.10 is free again').waitFor();
    await page.getByText('No lease fits').waitFor();
  });

  test('a reservation is filled in, refused with all that is wrong, and told where it was written', async () => {
    const page = await bench.visit({ hash: '#/leases?text=leaf-104', expectsFaults: true });
    await page.getByRole('button', { name: 'Reserve', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Reserve an address' });
    expect(await dialog.getByLabel('MAC address').inputValue()).toBe('28:99:3a:00:04:94');
    await dialog.getByLabel('Address', { exact: true }).fill('172.20.0.9');
    await page.keyboard.press('Enter');
    await dialog.getByText('inventory.csv:14:19: the address 172.20.0.9 is in none of the networks').waitFor();
    await dialog.getByLabel('Address', { exact: true }).fill('10.0.99.10');
    await page.keyboard.press('Enter');
    await page.getByText('10.0.99.10 is kept for leaf-104, written to inventory.csv:14').waitFor();
    await page.getByRole('row').filter({ hasText: 'leaf-104' }).getByText('Reserved').waitFor();
  });
});
