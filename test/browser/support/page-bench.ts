/** A real browser on the page of a stub. What no test may see is noted all the time: errors, broken policies, requests to anybody else. */
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { findTool } from '../../support/find-tool.ts';
import { ConsoleStub, type StubParts } from './console-stub.ts';

/** What the page is looked at with. */
export const SIZES = [
  { name: 'desktop', width: 1_440, height: 900 },
  { name: 'tablet', width: 820, height: 1_180 },
  { name: 'phone', width: 390, height: 844 },
] as const;

/** The browser says this itself of every answer that is no success; tests that provoke one allow it. */
const ANSWER_FAULT = /^Failed to load resource/;

export interface VisitParts {
  readonly size?: { readonly width: number; readonly height: number };
  readonly scheme?: 'light' | 'dark';
  /** The part behind `#`. */
  readonly hash?: string;
  /** Answers that are no success are part of the test. */
  readonly expectsFaults?: boolean;
}

export class PageBench {
  readonly stub: ConsoleStub;
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];
  readonly #complaints: string[] = [];

  private constructor(stub: ConsoleStub, browser: Browser) {
    this.stub = stub;
    this.#browser = browser;
  }

  static async open(parts: StubParts = {}): Promise<PageBench> {
    const executablePath = findTool('chromium');
    if (executablePath === undefined) throw new Error('chromium is not there');
    // The tests run as root, for whom Chromium has no sandbox.
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    return new PageBench(await ConsoleStub.open(parts), browser);
  }

  /** Opens the page as somebody who was never here before. */
  async visit({ size = SIZES[0], scheme = 'light', hash = '', expectsFaults = false }: VisitParts = {}): Promise<Page> {
    const options: BrowserContextOptions = {
      viewport: { width: size.width, height: size.height },
      colorScheme: scheme,
      reducedMotion: 'reduce',
    };
    const context = await this.#browser.newContext(options);
    this.#contexts.push(context);
    await context.exposeFunction('noteViolation', (what: string) => this.#complaints.push(`policy: ${what}`));
    await context.addInitScript(
      "addEventListener('securitypolicyviolation', (event) => noteViolation(event.violatedDirective + ' ' + event.blockedURI))",
    );
    const page = await context.newPage();
    page.on('pageerror', (fault) => this.#complaints.push(`error: ${fault.message}`));
    page.on('console', (message) => {
      const isExpected = expectsFaults && ANSWER_FAULT.test(message.text());
      if (['error', 'warning'].includes(message.type()) && !isExpected) this.#complaints.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(this.stub.url)) this.#complaints.push(`request: ${request.url()}`);
    });
    await page.goto(`${this.stub.url}${hash}`);
    return page;
  }

  /** Ends all visits, and holds that none of them had anything to complain about. */
  async leave(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close();
    expect(this.#complaints.splice(0)).toEqual([]);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.stub.close();
  }
}

/** A bench that is opened and closed by the hooks of the tests around it. */
export type TendedBench = Pick<PageBench, 'visit' | 'stub'>;

/** One for all tests: none of them changes what the stub tells. */
export function benchForAll(parts: StubParts = {}): TendedBench {
  const tended = new Tended();
  beforeAll(() => tended.open(parts));
  afterEach(() => tended.bench.leave());
  afterAll(() => tended.bench.close());
  return tended;
}

/** Another one for each test. */
export function benchForEach(parts: StubParts = {}): TendedBench {
  const tended = new Tended();
  beforeEach(() => tended.open(parts));
  afterEach(async () => {
    await tended.bench.leave();
    await tended.bench.close();
  });
  return tended;
}

class Tended implements TendedBench {
  #bench: PageBench | undefined;

  async open(parts: StubParts): Promise<void> {
    this.#bench = await PageBench.open(parts);
  }

  get bench(): PageBench {
    if (this.#bench === undefined) throw new Error('the bench is opened before the first test');
    return this.#bench;
  }

  get stub(): ConsoleStub {
    return this.bench.stub;
  }

  visit(parts?: VisitParts): Promise<Page> {
    return this.bench.visit(parts);
  }
}
