/** What an operator does first: looks who is stuck, finds a device, reads why. */
import { expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { STUCK_MAC } from './support/device-area.ts';
import { benchForAll, SIZES } from './support/page-bench.ts';
import { NOW } from './support/stub-area.ts';

describeWith(['chromium'], 'the devices of the page', () => {
  const bench = benchForAll();

  test('those that are stuck come first, each with its sentence', async () => {
    const page = await bench.visit();
    const rows = page.getByRole('row');
    await rows.nth(1).waitFor();
    const texts = await rows.allTextContents();
    expect(texts[1]).toContain('node-07');
    expect(texts[1]).toContain('which is not there, 6 times in 40 s');
    expect(texts.slice(1, 4).every((text) => text.startsWith('Stuck'))).toBe(true);
    expect(texts[4]).toMatch(/^Loading/);
    expect(texts[4]).toContain('64 %');
  });

  test('a state filters, and the address of the page keeps it', async () => {
    const page = await bench.visit();
    await page.getByRole('button', { name: 'Booted' }).click();
    await expect.poll(() => page.getByRole('row').count()).toBe(1 + 3);
    expect(page.url()).toContain('state=booted');
    await page.reload();
    await expect.poll(() => page.getByRole('row').count()).toBe(1 + 3);
  });

  test.each([
    ['a name', 'desk-1', 2],
    ['a MAC without colons', '5254007a1007', 1],
    ['a vendor and a state of things', 'qemu grubx64', 1],
    ['nothing that is there', 'no such thing', 0],
  ])('%s is found', async (_what, words, count) => {
    const page = await bench.visit();
    await page.getByRole('searchbox').fill(words);
    await expect.poll(() => page.locator('.row').count()).toBe(count);
  });

  test('a change shows up by itself', async () => {
    const page = await bench.visit();
    await page.getByRole('row').nth(1).waitFor();
    await page.getByText('Live').waitFor();
    const device = bench.stub.devices.devices.get(STUCK_MAC);
    if (device === undefined) throw new Error('the stub lost its device');
    const begun = performance.now();
    bench.stub.devices.change({ ...device, state: 'booted', sentence: 'It found its second stage.', since: NOW });
    await page.getByText('It found its second stage.').waitFor();
    console.log(`page: a change shows up after ${(performance.now() - begun).toFixed(0)} ms`);
    await expect.poll(() => page.title()).toContain('(2 stuck)');
    bench.stub.devices.change(device);
    await expect.poll(() => page.title()).toContain('(3 stuck)');
    expect(await page.locator('link[rel="icon"]').getAttribute('href')).toContain('stuck');
  });

  test('everything can be done by the keyboard', async () => {
    const page = await bench.visit();
    await page.getByRole('row').nth(1).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('desk');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.row').count()).toBe(2);
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('[aria-selected=true]').textContent()).toContain('desk-101');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => page.locator('[aria-selected=true]').textContent()).toContain('desk-114');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'desk-114', level: 1 }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Devices', level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await expect.poll(() => page.url()).toContain('#/leases');
  });

  test('a device has its verdict, its attempts, and the packets of what it did', async () => {
    const page = await bench.visit({ hash: `#/devices/${encodeURIComponent(STUCK_MAC)}` });
    await page.getByRole('region', { name: 'Verdict' }).getByText('Put it under the root').waitFor();
    await expect.poll(() => page.locator('.attempt').count()).toBe(2);
    await page.getByRole('button', { name: /DISCOVER → OFFER/ }).click();
    await page
      .getByRole('button', { name: /option 60/ })
      .first()
      .focus();
    await expect.poll(() => page.locator('.hex-octet.hex-marked').allTextContents()).toHaveLength(34);
    await page.getByRole('button', { name: /TFTP missed/ }).click();
    await page.getByRole('heading', { name: 'RRQ grubx64.efi' }).waitFor();
  });

  test('an entry that comes again is counted, one that is new is added', async () => {
    const page = await bench.visit({ hash: `#/devices/${encodeURIComponent(STUCK_MAC)}` });
    await page.getByText('×6').waitFor();
    await page.getByText('Live').waitFor();
    const device = bench.stub.devices.devices.get(STUCK_MAC);
    if (device === undefined) throw new Error('the stub lost its device');
    const entry = {
      id: 8,
      at: NOW - 46_000,
      lastAt: NOW,
      count: 7,
      event: 'transfer.missed',
      what: 'TFTP missed',
      text: 'grubx64.efi is not there',
    };
    bench.stub.devices.change(device, entry);
    await page.getByText('×7').waitFor();
    bench.stub.devices.change(device, {
      ...entry,
      id: 99,
      at: NOW,
      count: 1,
      event: 'transfer.done',
      what: 'TFTP done',
      text: 'it came at last',
    });
    await page.getByText('it came at last').waitFor();
  });

  test.each(SIZES)('nothing sticks out on a $name', async (size) => {
    const page = await bench.visit({ size });
    await page.locator('.row').first().waitFor();
    const [width, room] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, innerWidth]');
    expect(width).toBeLessThanOrEqual(room);
  });

  test('a phone has the help, too', async () => {
    const page = await bench.visit({ size: SIZES[2] });
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Keys of this page' }).click();
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(1);
  });

  test('what is pressed on a phone is as large as a finger', async () => {
    const page = await bench.visit({ size: SIZES[2] });
    await page.locator('.row').first().waitFor();
    const small = await page.evaluate<string[]>(
      `[...document.querySelectorAll('button, .nav-link, .brand, input')].filter((part) => part.offsetParent !== null && part.getBoundingClientRect().height < 44).map((part) => part.outerHTML)`,
    );
    expect(small).toEqual([]);
  });
});
