/** `bootlace wake`: a magic packet for a machine that sleeps. */
import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { parseWakePassword } from '../boot/magic-packet.ts';
import type { Config } from '../config/config.ts';
import { readLeases } from '../leases/read-leases.ts';
import { openNetworkHost } from '../net/choose-host.ts';
import type { WakeCall } from '../net/wake-call.ts';
import { leaseFile } from '../server/appliance-start.ts';
import { askServer, type ControlAnswer, type WakeControlOrder } from '../server/control.ts';
import { obeyWake, wakePlaces } from '../server/wake.ts';
import { configOf } from './config-option.ts';
import { type Output, processOutput } from './output.ts';
import { machineCalled, type Named } from './wake-names.ts';

interface WakeFlags {
  readonly config?: string;
  readonly interface?: string;
  readonly password?: string;
  readonly json?: true;
}

export function wakeCommand(output: Output = processOutput()): Command {
  return new Command('wake')
    .description('wake a machine over the network (Wake-on-LAN)')
    .argument('<name>', 'its name in `hosts`, the name or address of a lease, or its MAC address')
    .option('-c, --config <file>', 'configuration file')
    .option('-i, --interface <name>', 'send on this interface, instead of that of its network')
    .option('--password <octets>', "SecureOn's password: six octets as 00:11:22:aa:bb:cc, or four as 192.168.1.1", readPassword)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nA running server sends it, as it has the rights. There is no answer: that a machine wakes shows when it asks for its lease.',
    )
    .action((name: string, flags: WakeFlags) => wakeUp(name, flags, output));
}

async function wakeUp(name: string, flags: WakeFlags, output: Output): Promise<void> {
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return;
  const file = leaseFile(config.server.dataDir);
  const machine = machineCalled(name, config, existsSync(file) ? readLeases(file) : []);
  const order: WakeControlOrder = {
    do: 'wake',
    mac: machine.mac,
    ...(machine.network !== undefined && { network: machine.network }),
    ...(flags.interface !== undefined && { interface: flags.interface }),
    ...(flags.password !== undefined && { password: flags.password }),
  };
  const byServer = await askRunning(config, order, output);
  const answer = byServer ?? (await sendFromHere(config, order));
  if (!answer.ok) throw new Error(answer.error);
  report(machine, answer.calls ?? [], byServer !== undefined, flags.json === true, output);
}

/** Undefined where no server runs, or none that this user may ask. */
async function askRunning(config: Config, order: WakeControlOrder, output: Output): Promise<ControlAnswer | undefined> {
  try {
    return await askServer(config.server.dataDir, order);
  } catch (fault) {
    if (!(fault instanceof Error && 'code' in fault && fault.code === 'EACCES')) throw fault;
    output.note("the running server is another user's, so that it is sent from here");
    return undefined;
  }
}

async function sendFromHere(config: Config, order: WakeControlOrder): Promise<ControlAnswer> {
  const { interfaces, sockets } = await openNetworkHost();
  const facts = interfaces.list();
  return obeyWake(order, { config, facts, places: wakePlaces(config, facts) }, sockets);
}

function report({ mac, name }: Named, calls: readonly WakeCall[], byServer: boolean, asJson: boolean, output: Output): void {
  if (asJson) {
    output.line(JSON.stringify({ mac, name, by: byServer ? 'server' : 'command', calls }, undefined, 2));
    return;
  }
  for (const { interface: on, udp, frame, faults } of calls) {
    const ways = [...(udp.length === 0 ? [] : [`UDP to ${udp.join(' and ')}`]), ...(frame ? ['an Ethernet frame (0x0842)'] : [])];
    if (ways.length > 0) output.line(`called ${name === undefined ? mac : `${name} (${mac})`} on ${on}: ${ways.join(', ')}`);
    for (const fault of faults) output.note(`${on}: ${fault}`);
  }
}

function readPassword(text: string): string {
  if (parseWakePassword(text) === undefined)
    throw new InvalidArgumentError('It has to be six octets such as 00:11:22:aa:bb:cc, or four such as 192.168.1.1.');
  return text;
}
