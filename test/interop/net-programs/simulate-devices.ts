/**
 * Plays devices, all at once, each on an interface of its own: `simulate-devices.ts DEVICES`, where DEVICES is a JSON array of `Played`. Prints one
 * `Ended` as JSON for each.
 */
import { invariant } from '../../../src/base/result.ts';
import { openNetworkHost } from '../../../src/net/choose-host.ts';
import { DeviceMachine } from '../../../src/probe/device-machine.ts';
import { DEVICES } from '../../../src/probe/devices/index.ts';
import { openFrameWire } from '../../../src/probe/shells/frame-wire.ts';
import { md5, randomNumber, runLive } from '../../../src/probe/shells/live.ts';
import { mac as macOf } from '../../support/addresses.ts';

/** A device, and the interface that it is on. */
export interface Played {
  readonly device: string;
  readonly interface: string;
  readonly mac: string;
}

/** What became of it. */
export interface Ended {
  readonly device: string;
  readonly ok: boolean;
  readonly text: string;
  readonly lines: readonly string[];
}

const { sockets, interfaces } = await openNetworkHost('linux');
const facts = interfaces.list();

async function play({ device: name, interface: on, mac: address }: Played): Promise<void> {
  const device = DEVICES.find((one) => one.name === name);
  const place = facts.find((one) => one.name === on);
  invariant(device !== undefined && place !== undefined, 'device and interface are there');
  const mac = macOf(address);
  const wire = openFrameWire(place, mac, sockets);
  const lines: string[] = [];
  const verdict = await runLive(new DeviceMachine(device, { mac, random: randomNumber, md5 }), wire, ({ atMs, way, text }) => {
    lines.push(`${atMs} ${way} ${text}`);
  });
  await wire.close();
  const ended: Ended = { device: name, ...verdict, lines };
  console.log(JSON.stringify(ended));
}

await Promise.all((JSON.parse(process.argv[2] ?? '[]') as readonly Played[]).map(play));
