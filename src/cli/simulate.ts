/** `bootlace simulate`: plays a device, so that it shows what one would get before there is one. */
import { Command, InvalidArgumentError } from 'commander';
import { type Ipv4, isInside, type Mac, parseCidr, parseMac, showIpv4 } from '../base/addresses.ts';
import { nearestName } from '../base/near-name.ts';
import { describe } from '../events/describe.ts';
import type { AppEvent } from '../events/events.ts';
import { openNetworkHost } from '../net/choose-host.ts';
import { whyNotReady } from '../net/picker.ts';
import type { InterfaceFacts } from '../net/ports.ts';
import type { Device, Verdict } from '../probe/device.ts';
import { DeviceMachine } from '../probe/device-machine.ts';
import { DEVICES } from '../probe/devices/index.ts';
import { FAULTS } from '../probe/faults.ts';
import { openFrameWire } from '../probe/shells/frame-wire.ts';
import { md5, randomNumber, runLive, type Wire } from '../probe/shells/live.ts';
import { JumpingClock, OfflineRun } from '../probe/shells/offline.ts';
import { openRelayWire } from '../probe/shells/relay-wire.ts';
import { bootChoicesFile, readBootChoices } from '../server/boot-choices-file.ts';
import { RehearsedServer } from '../server/rehearsed-server.ts';
import { configOf, DEFAULT_CONFIG } from './config-option.ts';
import { readMac } from './explain.ts';
import { readAddress } from './explain-file.ts';
import { type Output, processOutput, showTable } from './output.ts';
import { Dialogue } from './simulate-dialogue.ts';

interface Flags {
  readonly config?: string;
  readonly interface?: string;
  readonly server?: Ipv4;
  readonly relay?: Ipv4;
  readonly offline?: true;
  readonly network?: string;
  readonly mac?: Mac;
  readonly fault?: string;
  readonly release?: true;
  readonly yes?: true;
  readonly json?: true;
  readonly list?: true;
}

/** A device with its hardware address, ready to be switched on. */
interface Prepared {
  readonly device: Device;
  readonly mac: Mac;
}

/** The command; it writes to `output`. Fails when the device does not get what it came for. */
export function simulateCommand(output: Output = processOutput()): Command {
  return new Command('simulate')
    .description('play a device: its DHCP, its files, and what it makes of them')
    .argument('[device]', 'one of --list, such as cisco-7962')
    .option('--offline', 'ask this configuration, without a network and without root')
    .option('-i, --interface <name>', 'play it on the wire of this interface (root)')
    .option('--server <address>', 'play it behind a relay agent of this machine, for this server (root)', readAddress)
    .option(
      '--relay <address>',
      'with --server: the address of this machine that the relay agent has (default: 127.0.0.2 for a server on 127.0.0.0/8)',
      readAddress,
    )
    .option('--mac <mac>', 'its hardware address', readMac)
    .option('--fault <name>', 'a way to go wrong, one of --list', readFault)
    .option('--network <name>', 'with --offline: the network that it is on (default: the first)')
    .option('-c, --config <file>', `with --offline: the configuration file (default: ./${DEFAULT_CONFIG})`)
    .option('--yes', 'also on an interface that holds the default route')
    .option('--release', 'give its address back in the end')
    .option('--json', 'print a line of JSON for each step')
    .option('--list', 'list the devices and the ways to go wrong')
    .addHelpText('after', '\nExit codes: 0 it got what it came for, 1 it did not, 2 wrong usage.')
    .action((name: string | undefined, flags: Flags, command: Command) => {
      if (flags.list === true) return list(flags, output);
      const device = deviceNamed(name, command);
      const ways = [flags.offline, flags.interface, flags.server].filter((way) => way !== undefined);
      if (ways.length !== 1)
        command.error('say where it is to be played: one of --offline, --interface NAME or --server ADDRESS', { exitCode: 2 });
      const faulty = FAULTS.find((fault) => fault.name === flags.fault)?.of(device) ?? device;
      return simulate({ device: faulty, mac: flags.mac ?? macOf(device) }, flags, output);
    });
}

function readFault(text: string): string {
  if (FAULTS.some(({ name }) => name === text)) return text;
  throw new InvalidArgumentError(`It has to be one of ${FAULTS.map(({ name }) => name).join(', ')}.`);
}

function deviceNamed(name: string | undefined, command: Command): Device {
  const names = DEVICES.map((device) => device.name);
  const found = DEVICES.find((device) => device.name === name);
  if (found !== undefined) return found;
  if (name === undefined) command.error('name a device; bootlace simulate --list shows all', { exitCode: 2 });
  const near = nearestName(name, names);
  command.error(`no device is called ${name}${near === undefined ? '; bootlace simulate --list shows all' : `; did you mean ${near}?`}`, {
    exitCode: 2,
  });
}

/** The address of a description is one: a test holds it. */
function macOf({ mac, name }: Device): Mac {
  const parsed = parseMac(mac);
  if (parsed === undefined) throw new Error(`${name} has no hardware address`);
  return parsed;
}

async function simulate(prepared: Prepared, flags: Flags, output: Output): Promise<void> {
  const dialogue = new Dialogue(output, flags.json === true);
  dialogue.begin(prepared.device, prepared.mac);
  const verdict = flags.offline === true ? await offline(prepared, flags, output, dialogue) : await onWire(prepared, flags, dialogue);
  if (verdict === undefined) return;
  dialogue.end(verdict);
  if (!verdict.ok) output.fail();
}

async function offline({ device, mac }: Prepared, flags: Flags, output: Output, dialogue: Dialogue): Promise<Verdict | undefined> {
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return undefined;
  const clock = new JumpingClock();
  const run = new OfflineRun(clock);
  const choices = await readBootChoices(bootChoicesFile(config.server.dataDir));
  let reason: string | undefined;
  const tell = (event: AppEvent): void => {
    if (event.type === 'dhcp.silent' || event.type === 'dhcp.dropped' || event.type === 'transfer.refused') {
      dialogue.serverThinks(describe(event));
      reason = event.reason;
    }
  };
  const server = await RehearsedServer.open({ config, choices, network: flags.network, clock, tell, says: run.hear });
  if (!server.ok) throw new Error(server.error);
  try {
    const machine = new DeviceMachine(device, { mac, random: randomNumber, md5 });
    const verdict = await run.run(machine, server.value, (line) => dialogue.add(line));
    return verdict.ok || reason === undefined ? verdict : { ...verdict, text: `${verdict.text} (the server: ${reason})` };
  } finally {
    await server.value.close();
  }
}

async function onWire({ device, mac }: Prepared, flags: Flags, dialogue: Dialogue): Promise<Verdict> {
  const { sockets, interfaces } = await openNetworkHost();
  const all = interfaces.list();
  const relay = flags.server === undefined ? undefined : (flags.relay ?? relayFor(flags.server));
  const wire: Wire =
    relay === undefined || flags.server === undefined
      ? openFrameWire(chosenInterface(all, flags), mac, sockets)
      : await openRelayWire(sockets, interfaceOf(all, relay), relay, flags.server);
  try {
    return await runLive(new DeviceMachine(device, { mac, random: randomNumber, md5, relay, releases: flags.release }), wire, (line) =>
      dialogue.add(line),
    );
  } finally {
    await wire.close();
  }
}

function chosenInterface(all: readonly InterfaceFacts[], { interface: name, yes }: Flags): InterfaceFacts {
  const facts = all.find((one) => one.name === name);
  if (facts === undefined) throw new Error(`there is no interface ${name ?? ''} (there is ${all.map((one) => one.name).join(', ')})`);
  if (facts.hasDefaultRoute && yes !== true)
    throw new Error(
      `${facts.name} holds the default route, so that its network is somebody's: a simulated device would take an address there; --yes does it all the same`,
    );
  const obstacle = whyNotReady(facts);
  if (obstacle !== undefined) throw new Error(obstacle);
  return facts;
}

const LOOPBACK = parseCidr('127.0.0.0/8');

function relayFor(server: Ipv4): Ipv4 {
  if (LOOPBACK !== undefined && isInside(LOOPBACK, server)) return (LOOPBACK.address + 2) as Ipv4;
  throw new Error(
    `say with --relay which address of this machine the relay agent has: ${showIpv4(server)} answers to it, and gives an address of its network`,
  );
}

function interfaceOf(all: readonly InterfaceFacts[], relay: Ipv4): string {
  const holder = all.find(({ addresses }) => addresses.some(({ address }) => address === relay));
  if (holder !== undefined) return holder.name;
  const loopback = all.find(({ isLoopback }) => isLoopback);
  if (loopback !== undefined && LOOPBACK !== undefined && isInside(LOOPBACK, relay)) return loopback.name;
  throw new Error(`no interface of this machine has the address ${showIpv4(relay)}, which --relay names`);
}

function list({ json }: Flags, output: Output): void {
  if (json === true) {
    const [devices, faults] = [DEVICES, FAULTS].map((all) => all.map(({ name, title }) => ({ name, title })));
    output.line(JSON.stringify({ devices, faults }, undefined, 2));
    return;
  }
  output.line(showTable([['DEVICE', 'WHAT IT IS'], ...DEVICES.map(({ name, title }) => [name, title])]));
  output.line('');
  output.line(showTable([['FAULT', 'WHAT GOES WRONG'], ...FAULTS.map(({ name, title }) => [name, title])]));
}
