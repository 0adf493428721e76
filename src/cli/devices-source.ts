/** Where `bootlace devices` has its knowledge from: the running server, or what the last one has stored. */
import { existsSync } from 'node:fs';
import { type WallMs, wallMs } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import { namedHosts } from '../config/named-hosts.ts';
import type { DecodedPacket, DeviceSummary, Timeline } from '../devices/api.ts';
import { DeviceBook } from '../devices/device-book.ts';
import type { Moment } from '../devices/moment.ts';
import { DeviceDirectory } from '../observe/directory.ts';
import { readTimelines } from '../observe/timeline-store.ts';
import { askServer } from '../server/control.ts';
import { MOST_RESTORED, timelineFile } from '../server/device-desk.ts';

export interface DeviceSource {
  list(): Promise<readonly DeviceSummary[]>;
  timeline(called: string): Promise<Timeline | undefined>;
  /** Its last packets; undefined where nobody is called so. Rejects where no server runs: they are nowhere else. */
  packets(called: string): Promise<readonly DecodedPacket[] | undefined>;
  /** Undefined for a running server; else the time that everything is shown as of. */
  readonly asOf: WallMs | undefined;
}

/** The server was there a moment longer than anything that it has stored. */
const AFTER_LAST_MS = 60_000;

export async function openDeviceSource(config: Config): Promise<DeviceSource> {
  const { dataDir } = config.server;
  const hello = await askServer(dataDir, { do: 'hello' });
  return hello === undefined ? storedDevices(config) : runningDevices(dataDir);
}

function runningDevices(dataDir: string): DeviceSource {
  const ask = async (order: Parameters<typeof askServer>[1]) => {
    const answer = await askServer(dataDir, order);
    if (answer === undefined) throw new Error('the server has just ended');
    if (!answer.ok) throw new Error(answer.error);
    return answer;
  };
  return {
    asOf: undefined,
    list: async () => (await ask({ do: 'devices' })).devices ?? [],
    timeline: async (device) => (await ask({ do: 'timeline', device })).timeline,
    packets: async (device) => (await ask({ do: 'packets', device })).packets,
  };
}

function readStored(file: string): readonly Moment[] {
  try {
    return readTimelines(file, MOST_RESTORED);
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    throw new Error(`${file} cannot be read: ${why}; let the user that the server runs as read it`, { cause: fault });
  }
}

function storedDevices({ server, hosts }: Config): DeviceSource {
  const file = timelineFile(server.dataDir);
  const moments = existsSync(file) ? readStored(file) : [];
  const last = moments.reduce((at, { lastAt }) => Math.max(at, lastAt), 0);
  const asOf = wallMs(Math.min(last + AFTER_LAST_MS, Date.now()));
  const directory = new DeviceDirectory(namedHosts(hosts));
  const book = new DeviceBook({ identify: (subject) => directory.identify(subject), tell: () => undefined, now: () => asOf });
  book.restore(moments);
  return {
    asOf,
    list: () => Promise.resolve(book.list()),
    timeline: (called) => Promise.resolve(book.timeline(called)),
    packets: () =>
      Promise.reject(new Error(`no Bootlace is running with ${server.dataDir}: packets are kept while it runs, and not stored`)),
  };
}
