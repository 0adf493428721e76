/** A page that hears nothing must not look alive, and must not need a hand to come back. */
import { expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { STUCK_MAC } from './support/device-area.ts';
import { benchForAll } from './support/page-bench.ts';

describeWith(['chromium'], 'the connection of the page', () => {
  const bench = benchForAll();

  test('a server that goes away is told, and everything is asked anew when it is back', async () => {
    const page = await bench.visit({ expectsFaults: true });
    await page.getByText('Live').waitFor();
    await bench.stub.close();
    await page.getByText('Reconnecting').waitFor();
    await page.getByText('What you see is as it was').waitFor();
    expect(await page.locator('.row').count()).toBeGreaterThan(5);
    const device = bench.stub.devices.devices.get(STUCK_MAC);
    if (device === undefined) throw new Error('the stub lost its device');
    // Nobody hears of it: it has to be asked for.
    bench.stub.devices.change({ ...device, sentence: 'It changed while nobody heard.' });
    await bench.stub.start();
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('It changed while nobody heard.').waitFor();
    await page.getByText('Live').waitFor();
    expect(await page.getByText('What you see is as it was').count()).toBe(0);
  });
});
