/** `bootlace devices`: what each device did and what is the matter with it, which devices nobody wrote down, and taking one into the inventory. */
import { Command, InvalidArgumentError } from 'commander';
import type { Mac } from '../base/addresses.ts';
import { DEFAULT_CONFIG } from './config-option.ts';
import { type AdoptFlags, adopt } from './devices-adopt.ts';
import { exportDevices } from './devices-export.ts';
import { showDevices } from './devices-show.ts';
import { listUnknown, type UnknownFlags } from './devices-unknown.ts';
import { readMac } from './explain.ts';
import { type Output, processOutput } from './output.ts';

const CONFIG_HELP = `configuration file (default: ./${DEFAULT_CONFIG})`;

export function devicesCommand(output: Output = processOutput()): Command {
  const devices = new Command('devices').description('show what each device did, and what is the matter with it');
  devices
    .command('show', { isDefault: true })
    .description('list all devices, those that are stuck first; or show all that one device did')
    .argument('[device]', 'its name, MAC or address')
    .option('-f, --follow', 'go on showing what happens')
    .option('--packets', 'show the last packets of the device, in words')
    .option('--pcap <file>', 'write them as a capture that Wireshark opens')
    .option('--json', 'print JSON')
    .option('-c, --config <file>', CONFIG_HELP)
    .addHelpText('after', '\nWithout a running server: what the last one has stored. What the verdicts mean: docs/devices.md.')
    .action((device: string | undefined, flags: Parameters<typeof showDevices>[1]) => showDevices(device, flags, output));
  devices
    .command('export')
    .description('print everything that is kept of all devices, or of one, as JSON lines')
    .argument('[device]', 'its MAC, or its address where it has no MAC')
    .option('-c, --config <file>', CONFIG_HELP)
    .action((device: string | undefined, flags: Parameters<typeof exportDevices>[1]) => exportDevices(device, flags, output));
  devices
    .command('unknown')
    .description('list the devices with a lease that are in no inventory')
    .option('-c, --config <file>', CONFIG_HELP)
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
    .option('-c, --config <file>', CONFIG_HELP)
    .action((mac: Mac, flags: AdoptFlags) => adopt(mac, flags, output));
  return devices;
}

function addVar(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It has to be a name and a value such as extension=101.');
  return { ...before, [name.trim()]: value };
}
