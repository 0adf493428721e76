/** `bootlace up`: the server in the foreground, until Ctrl-C. */
import { Command, InvalidArgumentError } from 'commander';
import { type Cidr, parseCidr } from '../base/addresses.ts';
import type { Config } from '../config/config.ts';
import { EventBus } from '../events/bus.ts';
import { callerOfSudo } from '../net/privileges.ts';
import { DeviceDirectory } from '../observe/directory.ts';
import { openOutput } from '../observe/log-output.ts';
import { EventLog, type LogSettings } from '../observe/logger.ts';
import { vendorLookup } from '../observe/vendors.ts';
import { Appliance } from '../server/appliance.ts';
import { systemClock } from '../server/system-clock.ts';
import { configOf, DEFAULT_CONFIG } from './config-option.ts';
import { type Output, processOutput } from './output.ts';
import { type Overrides, overrideNetwork } from './overrides.ts';
import { version } from './version.ts';

interface UpFlags extends Overrides {
  readonly config?: string;
  readonly json?: true;
}

export function upCommand(output: Output = processOutput()): Command {
  return new Command('up')
    .description('serve DHCP and TFTP until Ctrl-C')
    .option('-c, --config <file>', `configuration file (default: ./${DEFAULT_CONFIG}; without one, built-in defaults)`)
    .option('-i, --interface <name>', 'serve the first network on this interface')
    .option('-a, --address <cidr>', 'our own address on the first network, such as 192.168.77.1/24', readCidr)
    .option('--assign', 'put that address on the interface, and take it off at the end')
    .option('--json', 'log JSON lines')
    .addHelpText('after', '\nNeeds the rights to open ports 67 and 69: start it with sudo. It then goes on as the user who called sudo.')
    .action((flags: UpFlags) => up(flags, output));
}

async function up(flags: UpFlags, output: Output): Promise<void> {
  const written = await configOf(flags.config, output);
  if (written === undefined) return;
  const { config, warnings } = overrideNetwork(written, flags);
  const directory = new DeviceDirectory(config.hosts);
  const log = openLog(flags.json === true ? { ...config.log, format: 'json' } : config.log, directory, output);
  const bus = new EventBus((fault) => output.note(`the log could not write an event: ${String(fault)}`));
  bus.listen(directory.listener);
  bus.listen(log.listener);
  bus.tell({ type: 'server.started', version, config: config.file ?? 'built-in defaults', runtime: `Node ${process.versions.node}` });
  for (const detail of warnings) bus.tell({ type: 'config.warning', where: 'command line', detail });
  try {
    await serve(config, bus, directory);
  } finally {
    log.flush();
  }
}

/** Serves until a signal comes. Rejects when it cannot start or cannot go on. */
async function serve(config: Config, bus: EventBus, directory: DeviceDirectory): Promise<void> {
  const end = Promise.withResolvers<string>();
  const died = Promise.withResolvers<never>();
  // Where the start itself fails, nobody waits for this one.
  died.promise.catch(() => undefined);
  const signals = listenForSignals(end.resolve);
  const caller = callerOfSudo(process.env);
  const appliance = await Appliance.start({ config, bus, directory, caller, onFatal: (why) => died.reject(new Error(why)) });
  signals.onSecond(() => appliance.releaseAddresses());
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

function openLog(settings: LogSettings, directory: DeviceDirectory, output: Output): EventLog {
  return new EventLog({
    settings,
    output: openOutput(),
    terminal: { isTerminal: process.stdout.isTTY, colour: output.colour.line },
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

/** The first signal asks for an end, the second one does not wait for it. */
function listenForSignals(onFirst: (signal: string) => void): { onSecond(act: () => void): void; stop(): void } {
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
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, listener);
  return {
    onSecond: (act) => {
      atOnce = act;
    },
    stop: () => {
      for (const signal of signals) process.off(signal, listener);
    },
  };
}
