/** Transfers: how far, how fast, and why not. */
import { expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { benchForEach } from './support/page-bench.ts';

describeWith(['chromium'], 'the transfers of the page', () => {
  const bench = benchForEach();

  test('what is on its way goes on by itself, and is summed up', async () => {
    const page = await bench.visit({ hash: '#/transfers' });
    const bar = page.getByRole('progressbar', { name: 'debian/filesystem.squashfs' });
    expect(await bar.getAttribute('aria-valuenow')).toBe('56');
    await page.getByText('Live', { exact: true }).waitFor();
    bench.stub.transfers.tick();
    await expect.poll(() => bar.getAttribute('aria-valuenow')).toBe('62');
    expect(await page.getByRole('figure').getAttribute('aria-label')).toContain('93.8 MiB/s now');
  });

  test('those that failed say why', async () => {
    const page = await bench.visit({ hash: '#/transfers' });
    await page.getByRole('radio', { name: /^Failed/ }).check();
    await expect.poll(() => page.getByRole('row').count()).toBe(1 + 2);
    expect(await page.getByRole('grid').textContent()).toContain('the device has not sent anything for 30 s');
  });
});
