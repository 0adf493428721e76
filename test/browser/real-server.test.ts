/** The page on a real server: what happens on the wire is on it at once, and the packets are those that went over. */
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Room } from '../../scripts/lab/room.ts';
import { findTool } from '../support/find-tool.ts';
import { leftovers } from '../support/netns.ts';
import { describeWith } from '../support/tools.ts';

const PHONE = { device: 'cisco-7962', mac: '00:1b:54:aa:bb:cc' };

interface Told {
  readonly entries: readonly { readonly at: number; readonly what: string }[];
}

describeWith(['chromium', 'setsid'], 'the page of a real server', () => {
  let room: Room;
  let browser: Browser;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    room = new Room({ healthy: [PHONE], scenarios: [], real: [] });
    await room.serve();
    url = await room.openDoor(0);
    browser = await chromium.launch({ executablePath: findTool('chromium') ?? '', args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
    await page.goto(`${url}#/devices`);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await room?.close();
    expect(leftovers(), 'namespaces left behind').toEqual([]);
  });

  test('a device is on the page as soon as it asks, without a reload', async () => {
    await page.getByText('Live').first().waitFor();
    room.play();
    const row = page.getByRole('row').filter({ hasText: 'cisco-7962' });
    await row.waitFor();
    const seenAt = Date.now();
    const told = (await (await fetch(`${url}api/v1/devices/${PHONE.mac}`)).json()) as Told;
    const first = told.entries.find(({ what }) => what.startsWith('DISCOVER'));
    expect(first).toBeDefined();
    console.log(`from the DISCOVER to the row on the page: ${seenAt - (first?.at ?? 0)} ms`);
    // Files come after the address, on the same row.
    await expect.poll(() => row.textContent(), { timeout: 20_000 }).toContain('dialplan.xml');
  });

  test('an entry opens to the packets that went over the wire', async () => {
    await page.goto(`${url}#/devices/${encodeURIComponent(PHONE.mac)}`);
    await page.getByText('DISCOVER → OFFER').first().click();
    await page.getByText('option 60 (Vendor Class Identifier)').first().waitFor();
    expect(await page.getByText(/Cisco Systems, Inc\. IP Phone/).count()).toBeGreaterThan(0);
  });

  test('its lease is taken back', async () => {
    await page.goto(`${url}#/leases`);
    const row = page.getByRole('row').filter({ hasText: 'cisco-7962' });
    await row.waitFor();
    await row.getByRole('button', { name: /release/i }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /release/i })
      .click();
    await expect.poll(async () => (await (await fetch(`${url}api/v1/leases`)).json()) as object).toEqual({ leases: [] });
  });
});
