/** `bootlace up`: the server in the foreground, until Ctrl-C. */
import { flushCompileCache } from 'node:module';
import { Command, InvalidArgumentError } from 'commander';
import { type Cidr, parseCidr } from '../base/addresses.ts';
import type { Config } from '../config/config.ts';
import { namedHosts } from '../config/named-hosts.ts';
import { EventBus } from '../events/bus.ts';
import { callerOfSudo } from '../net/privileges.ts';
import { DeviceDirectory } from '../observe/directory.ts';
import { EventCounts } from '../observe/event-counts.ts';
import { type LogOutput, openOutput } from '../observe/log-output.ts';
import { EventLog, type LogSettings } from '../observe/logger.ts';
import { RecentEvents } from '../observe/recent-events.ts';
import { vendorLookup } from '../observe/vendors.ts';
import { Appliance } from '../server/appliance.ts';
import type { ApplianceParts } from '../server/appliance-start.ts';
import type { Reread } from '../server/reload.ts';
import { systemClock } from '../server/system-clock.ts';
import { configOf, DEFAULT_CONFIG, readConfigOf } from './config-option.ts';
import type { LiveTerminal, TerminalParts } from './live/terminal.ts';
import { type Output, processOutput } from './output.ts';
import { type Overrides, overrideNetwork } from './overrides.ts';
import { version } from './version.ts';

interface UpFlags extends Overrides {
  readonly config?: string;
  readonly json?: true;
  readonly plain?: true;
}

export function upCommand(output: Output = processOutput()): Command {
  return new Command('up')
    .description('serve DHCP and TFTP until Ctrl-C')
    .option('-c, --config <file>', `configuration file (default: ./${DEFAULT_CONFIG}; without one, built-in defaults)`)
    .option('-i, --interface <name>', 'serve the first network on this interface')
    .option('-a, --address <cidr>', 'our own address on the first network, such as 192.168.77.1/24', readCidr)
    .option('--assign', 'put that address on the interface, and take it off at the end')
    .option('--json', 'log JSON lines')
    .option('--plain', 'on a terminal, too, nothing but the lines of the log')
    .addHelpText('after', '\nSIGHUP, or `bootlace reload`, reads the configuration again.')
    .addHelpText('after', '\nNeeds the rights to open ports 67 and 69: start it with sudo. It then goes on as the user who called sudo.')
    .action((flags: UpFlags) => up(flags, output));
}

async function up(flags: UpFlags, output: Output): Promise<void> {
  const written = await configOf(flags.config, output, 'warnings too');
  if (written === undefined) return;
  const { config, warnings } = overrideNetwork(written, flags);
  const directory = new DeviceDirectory(namedHosts(config.hosts));
  const bus = new EventBus((fault) => output.note(`the log could not write an event: ${String(fault)}`));
  const stdout = openOutput();
  const terminal = isLive(config, flags) ? await openTerminal({ config, bus, output: stdout, hasColours: output.colour.line }) : undefined;
  const log = openLog(logSettings(config, flags), directory, terminal?.area ?? stdout, output.colour.line);
  bus.listen(directory.listener);
  bus.listen(terminal?.before(log.listener) ?? log.listener);
  const counts = new EventCounts();
  bus.listen(counts.listener);
  const recent = new RecentEvents(systemClock);
  bus.listen(recent.listener);
  bus.tell({ type: 'server.started', version, config: nameOf(config), runtime: `Node ${process.versions.node}` });
  for (const detail of warnings) bus.tell({ type: 'config.warning', where: 'command line', detail });
  try {
    const parts = {
      config,
      bus,
      directory,
      counts,
      version,
      reread: () => reread(flags),
      onReloaded: (changed: Config) => {
        log.configure(logSettings(changed, flags));
        terminal?.configure(changed);
      },
      env: process.env,
      recent,
    };
    await serve(parts, ({ devices, told: { transfers, server } }) => terminal?.attach({ devices, transfers, server }));
  } finally {
    terminal?.close();
    log.flush();
  }
}

/** Serves until a signal comes. Rejects when it cannot start or cannot go on. */
async function serve(parts: Omit<ApplianceParts, 'caller' | 'onFatal'>, onServing: (appliance: Appliance) => void): Promise<void> {
  const end = Promise.withResolvers<string>();
  const died = Promise.withResolvers<never>();
  // Where the start itself fails, nobody waits for this one.
  died.promise.catch(() => undefined);
  const signals = listenForSignals(end.resolve);
  const caller = callerOfSudo(process.env);
  // At its end the process may be somebody who cannot write there any more.
  flushCompileCache();
  const appliance = await Appliance.start({ ...parts, caller, onFatal: (why) => died.reject(new Error(why)) });
  onServing(appliance);
  signals.onSecond(() => appliance.releaseAddresses());
  signals.onHangup(() => {
    appliance.reload().catch((fault: unknown) => parts.bus.tell({ type: 'server.fault', where: 'a reload', detail: String(fault) }));
  });
  try {
    const signal = await Promise.race([end.promise, died.promise]);
    await appliance.stop(signal);
  } catch (fault) {
    await appliance.stop('it cannot go on').catch(() => appliance.releaseAddresses());
    throw fault;
  } finally {
    signals.stop();
  }
}

/** The configuration as it would be read at a start. */
async function reread(flags: UpFlags): Promise<Reread> {
  const outcome = await readConfigOf(flags.config);
  const file = flags.config ?? DEFAULT_CONFIG;
  if (outcome.config === undefined) return { ...outcome, file, warnings: [] };
  const { config, warnings } = overrideNetwork(outcome.config, flags);
  return { config, diagnostics: outcome.diagnostics, file: nameOf(config), warnings };
}

function nameOf(config: Config): string {
  return config.file ?? 'built-in defaults';
}

function logSettings({ log }: Config, flags: UpFlags): LogSettings {
  return flags.json === true ? { ...log, format: 'json' } : log;
}

/** Whether somebody looks at it who wants to see more than lines. */
function isLive({ log }: Config, flags: UpFlags): boolean {
  const { TERM, CI } = process.env;
  const isPlain =
    flags.plain === true ||
    flags.json === true ||
    log.live === 'off' ||
    log.format === 'json' ||
    log.level === 'warn' ||
    log.level === 'error';
  return process.stdout.isTTY && !isPlain && TERM !== 'dumb' && (CI ?? '') === '';
}

/** What it needs is loaded where there is a terminal. */
async function openTerminal(parts: Omit<TerminalParts, 'clock'>): Promise<LiveTerminal> {
  const live = await import('./live/terminal.ts');
  return new live.LiveTerminal({ ...parts, clock: systemClock });
}

function openLog(settings: LogSettings, directory: DeviceDirectory, output: LogOutput, hasColours: boolean): EventLog {
  return new EventLog({
    settings,
    output,
    terminal: { isTerminal: process.stdout.isTTY, colour: hasColours },
    clock: systemClock,
    identify: (subject) => directory.identify(subject),
    vendorOf: vendorLookup(),
  });
}

function readCidr(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new InvalidArgumentError('It has to be an address with a prefix length, such as 192.168.77.1/24.');
  return cidr;
}

/** What the signals of a running server do. */
interface Signals {
  onSecond(act: () => void): void;
  /** One that came before is made up for. */
  onHangup(act: () => void): void;
  stop(): void;
}

/** The first signal asks for an end, the second one does not wait for it; SIGHUP asks for the configuration to be read again. */
function listenForSignals(onFirst: (signal: string) => void): Signals {
  let hangup: (() => void) | undefined;
  let hangupsMissed = 0;
  const onHangup = (): void => {
    if (hangup === undefined) hangupsMissed += 1;
    else hangup();
  };
  process.on('SIGHUP', onHangup);
  let atOnce = (): void => undefined;
  let count = 0;
  const listener = (signal: NodeJS.Signals): void => {
    count += 1;
    if (count === 1) {
      onFirst(signal);
      return;
    }
    atOnce();
    process.exit(130);
  };
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  for (const signal of signals) process.on(signal, listener);
  return {
    onSecond: (act) => {
      atOnce = act;
    },
    onHangup: (act) => {
      hangup = act;
      if (hangupsMissed > 0) act();
    },
    stop: () => {
      process.off('SIGHUP', onHangup);
      for (const signal of signals) process.off(signal, listener);
    },
  };
}
