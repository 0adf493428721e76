/** A simulated device and a configuration, without a network. */
import { parseMac } from '../../src/base/addresses.ts';
import type { WallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import type { Config } from '../../src/config/config.ts';
import type { AppEvent } from '../../src/events/events.ts';
import type { Device, Verdict } from '../../src/probe/device.ts';
import { DeviceMachine } from '../../src/probe/device-machine.ts';
import type { Line } from '../../src/probe/life.ts';
import { md5 } from '../../src/probe/shells/live.ts';
import { JumpingClock, OfflineRun } from '../../src/probe/shells/offline.ts';
import { RehearsedServer } from '../../src/server/rehearsed-server.ts';
import { Random } from './random.ts';

/** What came of it. */
export interface Rehearsal {
  readonly verdict: Verdict;
  readonly lines: readonly Line[];
  /** What the server told. */
  readonly events: readonly AppEvent[];
}

/** Switches the device on. @param onEvent hears what the server tells when it tells it. */
export async function rehearse(
  device: Device,
  config: Config,
  onEvent: (event: AppEvent, now: WallMs) => void = () => {},
): Promise<Rehearsal> {
  const clock = new JumpingClock();
  const run = new OfflineRun(clock);
  const events: AppEvent[] = [];
  const tell = (event: AppEvent): void => {
    events.push(event);
    onEvent(event, clock.wall());
  };
  const server = await RehearsedServer.open({ config, choices: [], network: undefined, clock, tell, says: run.hear });
  invariant(server.ok, 'the network of the configuration has an address');
  const mac = parseMac(device.mac);
  invariant(mac !== undefined, `${device.name} has a hardware address`);
  const random = new Random(1);
  const lines: Line[] = [];
  const verdict = await run.run(
    new DeviceMachine(device, { mac, random: () => random.below(2 ** 32), md5 }),
    server.value,
    (line) => void lines.push(line),
  );
  await server.value.close();
  return { verdict, lines, events };
}
