/**
 * Plays devices, all at once, each on an interface of its own: `simulate-devices.ts DEVICES`, where DEVICES is a JSON array of `Played`. Prints one
 * `Ended` as JSON for each.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { invariant } from '../../../src/base/result.ts';
import { openNetworkHost } from '../../../src/net/choose-host.ts';
import type { Device, Verdict } from '../../../src/probe/device.ts';
import { DeviceMachine } from '../../../src/probe/device-machine.ts';
import { DEVICES } from '../../../src/probe/devices/index.ts';
import { FAULTS } from '../../../src/probe/faults.ts';
import { openFrameWire } from '../../../src/probe/shells/frame-wire.ts';
import { md5, randomNumber, runLive, type Wire } from '../../../src/probe/shells/live.ts';
import { openRelayWire } from '../../../src/probe/shells/relay-wire.ts';
import { ip, mac as macOf } from '../../support/addresses.ts';

/** A device, and the interface that it is on. */
export interface Played {
  readonly device: string;
  readonly interface: string;
  readonly mac: string;
  /** Ways in which it goes wrong, of `bootlace simulate --list`. */
  readonly faults?: readonly string[];
  /** How long it stays off at first, ms. */
  readonly afterMs?: number;
  /** How often it is switched on, one time after another; once where absent. */
  readonly times?: number;
  /** It is behind a relay agent at this address of the interface, which asks this server. */
  readonly relay?: { readonly agent: string; readonly server: string };
}

/** What became of it, the last time. */
export interface Ended {
  readonly device: string;
  readonly mac: string;
  readonly ok: boolean;
  readonly text: string;
  readonly lines: readonly string[];
}

/** A machine that is switched off and on again. */
const OFF_MS = 2000;

const { sockets, interfaces } = await openNetworkHost('linux');
const facts = interfaces.list();

async function play(played: Played): Promise<void> {
  const { device: name, mac: address, afterMs = 0, times = 1, relay } = played;
  const device = deviceOf(played);
  const mac = macOf(address);
  const lines: string[] = [];
  await sleep(afterMs);
  let verdict: Verdict | undefined;
  for (let time = 0; time < times; time += 1) {
    if (time > 0) await sleep(OFF_MS);
    const wire = await openWire(played);
    const parts = { mac, random: randomNumber, md5, relay: relay === undefined ? undefined : ip(relay.agent) };
    verdict = await runLive(new DeviceMachine(device, parts), wire, ({ atMs, way, text }) => {
      lines.push(`${atMs} ${way} ${text}`);
    });
    await wire.close();
  }
  invariant(verdict !== undefined, 'it is played once at least');
  const ended: Ended = { device: name, mac: address, ...verdict, lines };
  console.log(JSON.stringify(ended));
}

function deviceOf({ device: name, faults = [] }: Played): Device {
  const device = DEVICES.find((one) => one.name === name);
  invariant(device !== undefined, 'the device is in the list');
  return faults.reduce((changed, faultName) => {
    const fault = FAULTS.find((one) => one.name === faultName);
    invariant(fault !== undefined, 'the fault is in the list');
    return fault.of(changed);
  }, device);
}

async function openWire({ interface: on, mac, relay }: Played): Promise<Wire> {
  if (relay !== undefined) return await openRelayWire(sockets, on, ip(relay.agent), ip(relay.server));
  const place = facts.find((one) => one.name === on);
  invariant(place !== undefined, 'the interface is there');
  return openFrameWire(place, macOf(mac), sockets);
}

await Promise.all((JSON.parse(process.argv[2] ?? '[]') as readonly Played[]).map(play));
