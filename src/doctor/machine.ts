/** The kernel, the rights, the clock and the disk that the server finds. */
import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import path from 'node:path';
import { showSize } from '../events/quantities.ts';
import type { NetworkHost } from '../net/choose-host.ts';
import type { KernelClock } from '../net/kernel-clock.ts';
import { capabilityRemedy } from '../net/open-fault.ts';
import { broken, doubtful, type Finding, fine } from './finding.ts';

/** What the way into the network can do here. One that lacks rights says so in `missing`, too, which `judgeRights` is about. */
export function judgeHost({ kind, missing }: Pick<NetworkHost, 'kind' | 'missing'>): readonly Finding[] {
  if (kind === 'linux') return [fine('kernel calls', 'all there')];
  return missing.map((lost) => doubtful('kernel calls', lost, 'use Linux where this matters'));
}

/** @param missing the kernel rights that this process does not have. */
export function judgeRights(missing: readonly string[], isRoot: boolean): Finding {
  if (missing.length === 0) return fine('rights', isRoot ? 'root' : 'not root, with the three rights that it takes');
  return doubtful('rights', `without ${missing.join(', ')}`, `start the server with sudo; or ${capabilityRemedy}`);
}

/** Before it a clock was never set: 2025-01-01. */
const EARLIEST_CREDIBLE = Date.UTC(2025, 0, 1);

export function judgeClock(clock: KernelClock | undefined, now: number, servesTime: boolean): Finding {
  const shown = new Date(now).toISOString().slice(0, 16);
  if (now < EARLIEST_CREDIBLE) return broken('clock', `it shows ${shown}`, 'set it: `sudo date --set "2026-01-31 12:00"`');
  if (clock === undefined) return fine('clock', `it shows ${shown}; whether something keeps it right cannot be known here`);
  if (clock.isSynchronised) return fine('clock', `kept right, to ${clock.maxErrorSeconds.toFixed(2)} s at the most`);
  const told = servesTime ? ', and devices are told so (stratum 10)' : '';
  return doubtful(
    'clock',
    `it shows ${shown}, and nothing keeps it right${told}`,
    'connect to a network with NTP once, or compare it with a watch',
  );
}

const TIGHT_OCTETS = 500 * 1024 * 1024;
const FULL_OCTETS = 10 * 1024 * 1024;

/** Looks at the nearest folder that is there: the rest is made at the start. */
export async function checkDataDir(dataDir: string): Promise<Finding> {
  const check = `data directory ${dataDir}`;
  const folder = await nearestFolder(dataDir);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch {
    return broken(check, `nobody may write in ${folder}, or not you`, 'run as its owner or with sudo, or set server.dataDir to another');
  }
  const { bavail, bsize } = await statfs(folder);
  return judgeRoom(check, bavail * bsize);
}

export function judgeRoom(check: string, free: number): Finding {
  const text = `${showSize(free)} free`;
  const remedy = 'make room: without it no lease can be promised and no upload taken';
  if (free < FULL_OCTETS) return broken(check, text, remedy);
  return free < TIGHT_OCTETS ? doubtful(check, text, remedy) : fine(check, text);
}

async function nearestFolder(folder: string): Promise<string> {
  try {
    await access(folder);
    return folder;
  } catch {
    const above = path.dirname(folder);
    return above === folder ? folder : nearestFolder(above);
  }
}
