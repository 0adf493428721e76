/**
 * `npm run pictures`: the pictures of the README and the documentation, out of the lab. The page is photographed by Chromium in three sizes, light and
 * dark, and the terminal is drawn from what the server writes to one. Made anew as a whole, never by hand.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findTool } from '../test/support/find-tool.ts';
import { LONGEST_MS, outcomesOf } from './lab/outcome.ts';
import { Room } from './lab/room.ts';
import { SCENARIOS } from './lab/scenarios.ts';
import { HEALTHY } from './lab/site.ts';
import { terminalPicture } from './terminal-picture.ts';

const FOLDER = fileURLToPath(new URL('../docs/pictures', import.meta.url));
const TERMINAL = { columns: 132, rows: 36 };

interface Size {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly options?: BrowserContextOptions;
}

const SIZES: readonly Size[] = [
  { name: 'desktop', width: 1440, height: 900 },
  { name: 'tablet', width: 820, height: 1180, options: { hasTouch: true } },
  { name: 'phone', width: 390, height: 844, options: { hasTouch: true, isMobile: true } },
];
const THEMES = ['light', 'dark'] as const;

/** A view of the page, and words in it by which it is known to be there. */
interface Shot {
  readonly name: string;
  readonly route: string;
  readonly shows: RegExp;
}

/** In every size and both themes. A small one shows the first of them alone, whoever that is. */
const DEVICES: Shot = { name: 'devices', route: '#/devices', shows: new RegExp(SCENARIOS.map(({ name }) => name).join('|')) };
/** In the size of a desktop. */
const VIEWS: readonly Shot[] = [
  { name: 'device', route: `#/devices/${encodeURIComponent(macOf('file-missing'))}`, shows: /loader\/pxelinux\.o/ },
  { name: 'log', route: '#/log', shows: /device\.stuck/ },
];

function macOf(scenario: string): string {
  const found = SCENARIOS.find(({ name }) => name === scenario);
  if (found === undefined) throw new Error(`there is no scenario ${scenario}`);
  return found.mac;
}

/** What moves stands still, and what depends on the place of the machine is the same everywhere. */
const STILL: BrowserContextOptions = { locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', deviceScaleFactor: 1 };

async function photograph(browser: Browser, url: string): Promise<void> {
  for (const size of SIZES) {
    for (const colorScheme of THEMES) {
      const { width, height, options } = size;
      const context = await browser.newContext({ ...STILL, ...options, viewport: { width, height }, colorScheme });
      const page = await context.newPage();
      for (const shot of size.name === 'desktop' ? [DEVICES, ...VIEWS] : [DEVICES]) {
        await open(page, url, shot);
        await save(page, `page-${shot.name}-${size.name}-${colorScheme}`);
      }
      await context.close();
    }
  }
}

async function open(page: Page, url: string, { route, shows }: Shot): Promise<void> {
  await page.goto(`${url}${route}`);
  await page.getByText(shows).filter({ visible: true }).first().waitFor();
  await page.evaluate('document.fonts.ready.then(() => true)');
}

async function save(page: Page, name: string): Promise<void> {
  keep(`${name}.png`, await page.screenshot({ animations: 'disabled', caret: 'hide' }));
}

function keep(name: string, picture: Uint8Array | string): void {
  writeFileSync(join(FOLDER, name), picture);
  console.log(`docs/pictures/${name} (${Math.ceil(picture.length / 1000)} kB)`);
}

async function main(): Promise<void> {
  const browserFile = findTool('chromium');
  if (browserFile === undefined) throw new Error('The pictures need the program `chromium`: scripts/install-test-tools.sh');
  const room = new Room({ healthy: HEALTHY, scenarios: SCENARIOS, real: [] }, { level: 'info', format: 'auto' });
  let browser: Browser | undefined;
  const away = async (): Promise<void> => {
    await browser?.close();
    await room.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void away().finally(() => process.exit(1)));
  try {
    const terminal = await room.serveInWindow(TERMINAL);
    const url = await room.openDoor(0);
    room.play();
    console.log('waits until every verdict stands (2 min) …');
    const until = performance.now() + LONGEST_MS;
    const wrong = (await outcomesOf(room, () => performance.now() > until)).filter(({ isAsExpected }) => !isAsExpected);
    if (wrong.length > 0) throw new Error(`not as expected: ${wrong.map(({ name, found }) => `${name} (${found})`).join(', ')}`);
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    keep('terminal.svg', await terminalPicture(Buffer.from(terminal.written), { ...TERMINAL, title: 'bootlace up' }));
    // Chromium does not put itself behind walls when root starts it; it is shown nothing but our own page.
    browser = await chromium.launch({ executablePath: browserFile, args: ['--no-sandbox'] });
    await photograph(browser, url);
  } finally {
    await away();
  }
}

process.exitCode = await main().then(
  () => 0,
  (fault: unknown) => {
    console.error(fault instanceof Error ? fault.message : fault);
    return 1;
  },
);
