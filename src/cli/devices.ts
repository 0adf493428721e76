/** `bootlace devices`: which devices nobody wrote down, and taking one into the inventory. */
import { Command, InvalidArgumentError } from 'commander';
import type { Mac } from '../base/addresses.ts';
import { type AdoptFlags, adopt } from './devices-adopt.ts';
import { listUnknown, type UnknownFlags } from './devices-unknown.ts';
import { readMac } from './explain.ts';
import { type Output, processOutput } from './output.ts';

export function devicesCommand(output: Output = processOutput()): Command {
  const devices = new Command('devices').description('the devices of this site');
  devices
    .command('unknown')
    .description('list the devices with a lease that are in no inventory')
    .option('-c, --config <file>', 'configuration file')
    .option('--all', 'also those whose lease has ended')
    .option('--json', 'print JSON')
    .action((flags: UnknownFlags) => listUnknown(flags, output));
  devices
    .command('adopt')
    .description('put a device into the inventory')
    .argument('<mac>', 'its MAC address', readMac)
    .option('--name <name>', 'what it is called')
    .option('--profile <profile>', 'the folder of templates that its files are made from, such as cisco-sip')
    .option('--model <model>', 'its model')
    .option('--serial <serial>', 'its serial number')
    .option('--address <address>', 'the address that is kept for it')
    .option('--var <name=value>', 'a variable of its templates; can be given several times', addVar, {})
    .option('--file <file>', 'the CSV file that gets it (default: the first of `inventory`)')
    .option('-c, --config <file>', 'configuration file')
    .action((mac: Mac, flags: AdoptFlags) => adopt(mac, flags, output));
  return devices;
}

function addVar(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It has to be a name and a value such as extension=101.');
  return { ...before, [name.trim()]: value };
}
