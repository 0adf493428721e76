/** The log: live, paused, filtered, and back to its beginning. */
import { expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { benchForEach } from './support/page-bench.ts';

describeWith(['chromium'], 'the log of the page', () => {
  const bench = benchForEach();

  test('lines come by themselves, wait while it is paused, and are there when it goes on', async () => {
    const page = await bench.visit({ hash: '#/log?level=debug&text=offered' });
    const lines = page.getByRole('log');
    await lines.getByText('offered 10.20.4.13').last().waitFor();
    await page.getByText('Live', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    for (let line = 0; line < 9; line++) bench.stub.log.tick();
    await page.getByText('Paused, 1 line waiting').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(() => page.getByText(/waiting$/).count()).toBe(0);
  });

  test('a level and a text leave the lines that fit', async () => {
    const page = await bench.visit({ hash: '#/log' });
    await page.getByLabel('Least level').selectOption('error');
    await page.getByRole('searchbox').fill('4011');
    const lines = page.getByRole('log');
    await lines.getByText('stuck (took-other-offer)').last().waitFor();
    const levels = new Set(await lines.locator('.log-level').allTextContents());
    expect([...levels]).toEqual(['error']);
    await page.getByRole('searchbox').fill('no such words');
    await page.getByText('No line fits').waitFor();
  });

  test('a line of somebody else is text', async () => {
    const page = await bench.visit({ hash: '#/log?text=updown' });
    await page.getByText('Interface <script>alert(1)</script>, changed state to up').last().waitFor();
  });

  test('scrolling up leads to the beginning, page by page', async () => {
    const page = await bench.visit({ hash: '#/log?event=device.stuck' });
    const lines = page.getByRole('log');
    await lines.getByText('stuck (took-other-offer)').last().waitFor();
    await lines.hover();
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, -20_000);
        return page.getByText('The log begins here').count();
      })
      .toBe(1);
    await page.getByRole('button', { name: 'Newest line' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Newest line' }).count()).toBe(0);
  });

  test('an event says what it means, and filters', async () => {
    const page = await bench.visit({ hash: '#/log' });
    await page.getByRole('log').getByRole('button', { name: 'network.waiting' }).last().click();
    const dialog = page.getByRole('dialog', { name: 'network.waiting' });
    await dialog.getByText('What to do').waitFor();
    await dialog.getByRole('button', { name: 'Show these lines alone' }).click();
    await page.getByRole('button', { name: 'Event: network.waiting' }).waitFor();
    await expect.poll(async () => new Set(await page.locator('.log-event').allTextContents())).toEqual(new Set(['network.waiting']));
  });
});
