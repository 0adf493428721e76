/** `bootlace devices`: what each device did, and what is the matter with it. A group: other commands about devices have their place here. */
import { Command } from 'commander';
import { DEFAULT_CONFIG } from './config-option.ts';
import { exportDevices } from './devices-export.ts';
import { showDevices } from './devices-show.ts';
import { type Output, processOutput } from './output.ts';

export function devicesCommand(output: Output = processOutput()): Command {
  const devices = new Command('devices').description('show what each device did, and what is the matter with it');
  devices
    .command('show', { isDefault: true })
    .description('list all devices, those that are stuck first; or show all that one device did')
    .argument('[device]', 'its name, MAC or address')
    .option('-f, --follow', 'go on showing what happens')
    .option('--json', 'print JSON')
    .option('-c, --config <file>', `configuration file (default: ./${DEFAULT_CONFIG})`)
    .addHelpText('after', '\nWithout a running server: what the last one has stored. What the verdicts mean: docs/devices.md.')
    .action((device: string | undefined, flags: Parameters<typeof showDevices>[1]) => showDevices(device, flags, output));
  devices
    .command('export')
    .description('print everything that is kept of all devices, or of one, as JSON lines')
    .argument('[device]', 'its MAC, or its address where it has no MAC')
    .option('-c, --config <file>', `configuration file (default: ./${DEFAULT_CONFIG})`)
    .action((device: string | undefined, flags: Parameters<typeof exportDevices>[1]) => exportDevices(device, flags, output));
  return devices;
}
