/** `bootlace boot`: which entry of its menu a device starts, chosen beside the configuration. */
import { Command } from 'commander';
import { type Mac, parseMac } from '../base/addresses.ts';
import { nearestName } from '../base/near-name.ts';
import type { BootChoice } from '../boot/boot-choices.ts';
import type { Config } from '../config/config.ts';
import { bootChoicesFile, readBootChoices, writeBootChoices } from '../server/boot-choices-file.ts';
import { type BootRow, bootRowsOf, menuEntriesOf, whyNoEntry } from '../server/boot-list.ts';
import { askServer, type ControlOrder } from '../server/control.ts';
import { configOf, DEFAULT_CONFIG } from './config-option.ts';
import { type Output, processOutput, showTable } from './output.ts';

interface Flags {
  readonly config?: string;
  readonly once?: true;
  readonly clear?: true;
  readonly json?: true;
}

export function bootCommand(output: Output = processOutput()): Command {
  return new Command('boot')
    .description('choose what a device boots from its menu, or show what was chosen')
    .argument('[device]', 'its name in the configuration, or its MAC address')
    .argument('[entry]', 'the name of an entry of its menu')
    .option('--once', 'for one time: then it boots by the configuration again')
    .option('--clear', 'take back what was chosen')
    .option('--json', 'print JSON')
    .option('-c, --config <file>', `the configuration file (default: ./${DEFAULT_CONFIG})`)
    .addHelpText('after', '\nA running server does it at once; without one it is there at the next start.')
    .action((device: string | undefined, entry: string | undefined, flags: Flags) => boot(device, entry, flags, output));
}

async function boot(device: string | undefined, entry: string | undefined, flags: Flags, output: Output): Promise<void> {
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return;
  const choices = await readBootChoices(bootChoicesFile(config.server.dataDir));
  if (device === undefined) {
    if (flags.clear === true || flags.once === true) throw new Error('name the device: its name in the configuration, or its MAC address');
    list(config, choices, flags, output);
    return;
  }
  const mac = macOf(config, device);
  if (flags.clear === true) {
    if (entry !== undefined || flags.once === true)
      throw new Error('--clear takes back whatever was chosen: leave the entry and --once out');
    await clear(config, choices, mac, device, output);
    return;
  }
  if (entry === undefined) {
    if (flags.once === true) throw new Error('name the entry that it is to boot once');
    list(config, choices, flags, output, mac);
    return;
  }
  const whyNot = whyNoEntry(config, entry);
  if (whyNot !== undefined) throw new Error(whyNot);
  await choose(config, choices, { mac, entry, once: flags.once === true }, device, output);
}

function macOf({ hosts }: Config, device: string): Mac {
  const mac = parseMac(device);
  if (mac !== undefined) return mac;
  const host = hosts.find(({ name }) => name?.toLowerCase() === device.toLowerCase());
  if (host?.key.mac !== undefined) return host.key.mac;
  if (host !== undefined) throw new Error(`${device} is not known by its MAC in the configuration; give its MAC instead of its name`);
  const near = nearestName(
    device,
    hosts.flatMap(({ name }) => name ?? []),
  );
  throw new Error(`no host is called ${device}${near === undefined ? ', and it is no MAC address' : `; did you mean ${near}?`}`);
}

async function choose(config: Config, choices: readonly BootChoice[], choice: BootChoice, device: string, output: Output): Promise<void> {
  const { mac, entry, once } = choice;
  if ((await ordered(config, { do: 'choose', ...choice })) === undefined) {
    await writeBootChoices(bootChoicesFile(config.server.dataDir), [...choices.filter((other) => other.mac !== mac), choice]);
  }
  output.line(`${device} boots ${entry} ${once ? 'the next time, and then by the configuration again' : 'from now on'}`);
}

async function clear(config: Config, choices: readonly BootChoice[], mac: Mac, device: string, output: Output): Promise<void> {
  const answer = await ordered(config, { do: 'clear-choice', mac });
  const found = answer?.found ?? choices.some((choice) => choice.mac === mac);
  if (!found) throw new Error(`nothing was chosen for ${device}`);
  if (answer === undefined) {
    await writeBootChoices(
      bootChoicesFile(config.server.dataDir),
      choices.filter((choice) => choice.mac !== mac),
    );
  }
  output.line(`${device} boots by the configuration again`);
}

/** Undefined where no server runs. */
async function ordered({ server }: Config, order: ControlOrder): Promise<{ readonly found?: boolean } | undefined> {
  const answer = await askServer(server.dataDir, order);
  if (answer?.ok === false) throw new Error(answer.error);
  return answer;
}

function list(config: Config, choices: readonly BootChoice[], { json }: Flags, output: Output, only?: Mac): void {
  const rows = bootRowsOf(config, choices).filter(({ mac }) => only === undefined || mac === only);
  if (json === true) {
    output.line(JSON.stringify(rows, undefined, 2));
    return;
  }
  if (rows.length === 0)
    output.line(only === undefined ? 'no device has an entry of its own: all are asked by their menus' : 'it is asked by its menu');
  else output.line(showTable([HEADING, ...rows.map(cellsOf)]));
  const known = menuEntriesOf(config).map(({ name }) => name);
  if (known.length > 0) output.line(`entries: ${known.join(', ')}`);
  const stray = rows.filter(({ entry }) => !known.includes(entry));
  for (const { mac, entry } of stray) output.note(`no menu has the entry ${entry} any more, so that ${mac ?? 'it'} is asked by its menu`);
}

const HEADING = ['MAC', 'NAME', 'ENTRY', 'BY'];

function cellsOf({ mac, name, entry, by, once, configured }: BootRow): readonly string[] {
  const instead = configured === undefined ? '' : ` instead of ${configured}`;
  const how = by === 'configuration' ? 'the configuration' : `bootlace boot${once ? ', once' : ''}${instead}`;
  return [mac ?? '-', name ?? '-', entry, how];
}
