import { afterEach, describe, expect, test } from 'vitest';
import { isAvailable } from '../../src/net/linux/libc.ts';
import type { SharedPort } from '../../src/net/ports.ts';
import { systemClock } from '../../src/server/system-clock.ts';
import { TftpDoors } from '../../src/server/tftp-doors.ts';
import { aMoment, closePorts, LOCALHOST, sharedLoopback, text } from '../support/shared-loopback.ts';

afterEach(closePorts);

/** Doors on loopback at a free port, and what they hear. */
async function doorsAfter(hearsAfter: Promise<void> | undefined) {
  const heard: string[] = [];
  const ports: SharedPort[] = [];
  const listener = {
    onDatagram: (_door: unknown, octets: Uint8Array) => heard.push(Buffer.from(octets).toString()),
    onFault: () => {},
  };
  const openShared = async (): Promise<SharedPort> => {
    const port = await sharedLoopback({ isDoor: true });
    ports.push(port);
    return port;
  };
  const doors = new TftpDoors({ openShared }, systemClock, listener, () => ({ singlePort: false, portRange: undefined }), hearsAfter);
  await doors.open({ interface: 'lo', addresses: [LOCALHOST], mtu: 1500 });
  const client = await sharedLoopback();
  const ask = (words: string): void => client.send(text(words), LOCALHOST, ports[0]?.local.port ?? 0);
  return { doors, heard, ask };
}

describe.runIf(isAvailable())('a door', () => {
  test('hears at once', async () => {
    const { heard, ask } = await doorsAfter(undefined);
    ask('boot file');
    await aMoment();
    expect(heard).toEqual(['boot file']);
  });

  test('that is open before the rehearsal is over hears what came meanwhile, once it is', async () => {
    const rehearsal = Promise.withResolvers<void>();
    const { heard, ask } = await doorsAfter(rehearsal.promise);
    ask('boot file');
    await aMoment();
    expect(heard).toEqual([]);
    rehearsal.resolve();
    await aMoment();
    expect(heard).toEqual(['boot file']);
  });

  test('that was closed meanwhile stays closed', async () => {
    const rehearsal = Promise.withResolvers<void>();
    const { doors, heard, ask } = await doorsAfter(rehearsal.promise);
    ask('boot file');
    await doors.close('lo');
    rehearsal.resolve();
    await aMoment();
    expect(heard).toEqual([]);
  });
});
