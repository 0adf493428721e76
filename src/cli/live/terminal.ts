/** `bootlace up` on a terminal: first what is served where, then the log with the live area below it. Where there is no terminal, nothing of this is there. */
import process from 'node:process';
import { parseCidr } from '../../base/addresses.ts';
import type { Clock, WallMs } from '../../base/clock.ts';
import type { Config } from '../../config/config.ts';
import type { EventBus, EventListener } from '../../events/bus.ts';
import type { AppEvent } from '../../events/events.ts';
import type { ServerStateShape } from '../../web/api/server-shapes.ts';
import type { AreaOutput } from './area.ts';
import { LiveArea } from './area.ts';
import { bannerLines, pageUrl } from './banner.ts';
import { consoleLink, linkAddress, qrLines, readToken } from './console-link.ts';
import { type AreaSize, liveLines } from './layout.ts';
import { StartUp } from './start-up.ts';
import { LiveView, type ViewSources } from './view.ts';

export interface TerminalParts {
  readonly config: Config;
  readonly output: AreaOutput;
  readonly hasColours: boolean;
  readonly clock: Clock;
  readonly bus: EventBus;
}

/** The first screen waits so long for ports that are still being opened. */
const START_WITHIN_MS = 1_500;
/** A code of 21 lines on a lower terminal would push everything else out. */
const LEAST_ROWS_FOR_CODE = 32;
const DEFAULT_SIZE: AreaSize = { columns: 80, rows: 24 };

type Sources = Omit<ViewSources, 'server'> & { readonly server: { state(): Promise<ServerStateShape> } };

export class LiveTerminal {
  readonly area: LiveArea;
  readonly #parts: TerminalParts;
  readonly #startUp: StartUp;
  readonly #startedAt: WallMs;
  #config: Config;
  #log: EventListener = () => undefined;
  #sources: Sources | undefined;
  #view: LiveView | undefined;
  #page: string | undefined;
  #phase: 'starting' | 'showing' | 'over' = 'starting';
  #isFirstScreenDue = false;

  constructor(parts: TerminalParts) {
    this.#parts = parts;
    this.#config = parts.config;
    this.#startUp = new StartUp(parts.config);
    this.#startedAt = parts.clock.wall();
    this.area = new LiveArea({
      output: parts.output,
      size: terminalSize,
      draw: (size) => (this.#view === undefined ? [] : liveLines(this.#view.state(), size, parts.hasColours)),
      now: () => parts.clock.mono(),
      later: laterWithoutHolding,
    });
    process.stdout.on('resize', this.#onResize);
    process.on('SIGTSTP', this.#onPause);
    process.on('SIGCONT', this.#onGoOn);
    process.on('exit', this.#onExit);
  }

  /** What goes on the bus in place of the log: lines that the first screen says are left out. */
  before(log: EventListener): EventListener {
    this.#log = log;
    return (event) => this.#hear(event);
  }

  /** The server serves. */
  attach(sources: Sources): void {
    this.#sources = sources;
    laterWithoutHolding(START_WITHIN_MS, () => this.#firstScreen());
    if (this.#startUp.isComplete) this.#firstScreen();
  }

  /** Another configuration is in force. */
  configure(config: Config): void {
    this.#config = config;
    if (config.log.live === 'off' && this.#phase === 'showing') this.#stopShowing();
  }

  /** The area is taken away, and everything that was held back is written. */
  close(): void {
    this.#stopShowing();
    process.stdout.off('resize', this.#onResize);
    process.off('SIGTSTP', this.#onPause);
    process.off('SIGCONT', this.#onGoOn);
    process.off('exit', this.#onExit);
  }

  #hear(event: AppEvent): void {
    if (event.type === 'server.stopping') this.#stopShowing();
    if (event.type === 'web.ready') this.#page = pageUrl(event);
    if (event.type === 'web.unavailable') this.#page = undefined;
    if (this.#phase !== 'starting' || !this.#startUp.hold(event)) this.#log(event);
    else if (this.#startUp.isComplete) this.#firstScreen();
  }

  #firstScreen(): void {
    if (this.#sources === undefined || this.#isFirstScreenDue || this.#phase !== 'starting') return;
    this.#isFirstScreenDue = true;
    // What comes while the state is asked for is told by the log.
    this.#startUp.takeHeld();
    this.#show(this.#sources).catch((fault: unknown) => {
      this.#stopShowing();
      this.#parts.bus.tell({ type: 'server.fault', where: 'the terminal', detail: String(fault) });
    });
  }

  async #show(sources: Sources): Promise<void> {
    const state = await sources.server.state();
    const code = await this.#codeLines(state);
    if (this.#phase !== 'starting') return;
    const { columns } = terminalSize();
    const { output, bus, hasColours } = this.#parts;
    const screen = bannerLines({ config: this.#config, state, page: this.#startUp.page }, columns, hasColours);
    for (const line of ['', ...screen, '', ...code]) output.write(`${line}\n`);
    this.#phase = 'showing';
    for (const event of this.#startUp.takeHeld()) this.#log(event);
    this.#view = new LiveView({
      ...sources,
      bus,
      networks: state.networks,
      since: this.#startedAt,
      page: () => this.#page,
      onChange: () => this.area.touch(),
      later: laterWithoutHolding,
    });
    this.area.show();
  }

  /** The way in for a telephone or a tablet; it holds the token, so that it goes to this terminal and nowhere else. */
  async #codeLines(state: ServerStateShape): Promise<readonly string[]> {
    const { page } = this.#startUp;
    const { columns, rows } = terminalSize();
    if (page?.tokenFile === undefined || rows < LEAST_ROWS_FOR_CODE) return [];
    const token = await readToken(page.tokenFile);
    if (token === undefined) return [];
    const served = state.networks.flatMap(({ address = '', isServed }) => (isServed ? (parseCidr(address)?.address ?? []) : []));
    const lines = qrLines(consoleLink(linkAddress(page.address, served), page.port, token));
    return lines.some((line) => line.length > columns + 30) ? [] : [...lines, ''];
  }

  #stopShowing(): void {
    const wasStarting = this.#phase === 'starting';
    this.#phase = 'over';
    this.area.hide();
    this.#view?.close();
    this.#view = undefined;
    if (wasStarting) for (const event of this.#startUp.takeHeld()) this.#log(event);
  }

  readonly #onResize = (): void => this.area.touch();

  readonly #onPause = (): void => {
    this.area.flush();
    // With a listener the system does not do it by itself.
    process.kill(process.pid, 'SIGSTOP');
  };

  readonly #onGoOn = (): void => {
    if (this.#phase === 'showing') this.area.show();
  };

  readonly #onExit = (): void => this.area.flush();
}

function terminalSize(): AreaSize {
  const { columns, rows } = process.stdout;
  // A terminal that nobody told its size has none.
  return { columns: columns > 0 ? columns : DEFAULT_SIZE.columns, rows: rows > 0 ? rows : DEFAULT_SIZE.rows };
}

function laterWithoutHolding(millis: number, then: () => void): void {
  setTimeout(then, millis).unref();
}
