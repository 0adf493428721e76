/** Names come from packets of whoever is on the wire: they are text, whatever they contain, and stay where they belong. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { rackDevices } from './support/device-area.ts';
import { PageBench, SIZES } from './support/page-bench.ts';

const NAMES: readonly (readonly [what: string, name: string])[] = [
  ['markup', '<img src=x onerror="document.title=\'owned\'">'],
  ['a script', '</script><script>document.title="owned"</script>'],
  ['letters from right to left', 'abc\u202Egnp.exe'],
  ['Hebrew', 'שרת-ראשי'],
  ['a very long name', 'x'.repeat(255)],
  ['a link', 'javascript:alert(1)'],
];

describeWith(['chromium'], 'hostile names', () => {
  let bench: PageBench;
  beforeAll(async () => {
    const [first] = rackDevices();
    if (first === undefined) throw new Error('the rack is empty');
    bench = await PageBench.open({
      devices: NAMES.map(([, name], index) => ({
        ...first,
        id: `02:00:00:00:00:0${index}`,
        name,
        vendor: name,
        sentence: `It asks for ${name}: ${name}.`,
      })),
    });
  });
  afterEach(() => bench.leave());
  afterAll(() => bench.close());

  test.each(SIZES)('are text in the list, on a $name', async (size) => {
    const page = await bench.visit({ size });
    await expect.poll(() => page.locator('.row').count()).toBeGreaterThan(1);
    expect(await page.locator('.row img, .row script').count()).toBe(0);
    expect(await page.title()).not.toContain('owned');
    const [width, room] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, innerWidth]');
    expect(width).toBeLessThanOrEqual(room);
  });

  test.each(NAMES.map(([what], index) => [what, index] as const))('%s is text in the view of the device', async (_what, index) => {
    const page = await bench.visit({ size: SIZES[2], hash: `#/devices/${encodeURIComponent(`02:00:00:00:00:0${index}`)}` });
    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toBe(NAMES[index]?.[1]);
    const [width, room] = await page.evaluate<[number, number]>("[document.querySelector('main').scrollWidth, innerWidth]");
    expect(width).toBeLessThanOrEqual(room);
    expect(await page.title()).not.toContain('owned');
  });
});
