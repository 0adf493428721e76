import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { devicesCommand } from '../../src/cli/devices.ts';
import { TimelineStore } from '../../src/observe/timeline-store.ts';
import { ControlServer, controlPath } from '../../src/server/control.ts';
import { timelineFile } from '../../src/server/device-desk.ts';
import { answerAboutDevices } from '../../src/server/device-orders.ts';
import { BIOS, DeviceBench, PC } from '../support/device-bench.ts';
import { EngineBench, subnet } from '../support/dhcp-engine.ts';
import { MemoryOutput } from '../support/memory-output.ts';

const PHONE = '00:1b:54:00:00:02';
const YAML = `server: { dataDir: . }
networks: [{ interface: eth1, address: 192.168.77.1/24 }]
hosts: [{ mac: "${PHONE}", name: desk-102 }]
`;

let folder = '';
let server: ControlServer | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bootlace-devices-'));
  await writeFile(join(folder, 'config.yaml'), YAML);
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

/** A PC that does not come for its boot file, and a phone that is well. */
function bench(): DeviceBench {
  const made = new DeviceBench(new EngineBench([subnet({ identity: 'mac' })], [], { files: { bios: 'pxelinux.0' } } as never));
  made.bind(PHONE);
  made.bind(PC, BIOS);
  made.pass(60);
  return made;
}

function stored(): void {
  const store = TimelineStore.open(timelineFile(folder), () => undefined);
  store.write(bench().book.takeChanged(1000));
  store.close();
}

async function serving(): Promise<DeviceBench> {
  const made = bench();
  const { book } = made;
  server = await ControlServer.open(
    controlPath(folder),
    (order) => {
      if (order.do === 'devices' || order.do === 'timeline')
        return Promise.resolve({ ok: true, pid: 1, ...answerAboutDevices(order, book) });
      return Promise.resolve({ ok: true, pid: 1 });
    },
    book,
  );
  return made;
}

async function devices(...words: string[]): Promise<MemoryOutput> {
  const output = new MemoryOutput(folder);
  await devicesCommand(output).parseAsync([...words, '--config', join(folder, 'config.yaml')], { from: 'user' });
  return output;
}

describe.each(['running', 'stored'])('bootlace devices, %s', (how) => {
  beforeEach(async () => {
    if (how === 'running') await serving();
    else stored();
  });

  it('lists all, those that are stuck first', async () => {
    const [heading, first, second] = (await devices()).lines;
    expect(heading).toMatch(/^NAME +DEVICE +ADDRESS +STATE +SEEN +VERDICT$/);
    expect(first).toMatch(
      /^- +00:1b:54:00:00:01 Cisco\S* +10\.0\.0\.\d+ +stuck +\S.* ago +It has 10\.0\.0\.\d+ and the boot file pxelinux\.0, but has not asked/,
    );
    expect(second).toMatch(/00:1b:54:00:00:02 .* booted /);
  });

  it('shows all that one did', async () => {
    const { lines } = await devices('show', PC);
    expect(lines.join('\n')).toMatch(
      /stuck: It has .*\n\n\d.* {2}DISCOVER → OFFER {2}offered .*PXEClient:Arch:00000.*\n\d.* {2}REQUEST → ACK +bound /,
    );
    expect((await devices(PC)).lines).toHaveLength(lines.length);
  });

  it('prints JSON', async () => {
    expect(JSON.parse((await devices('--json')).lines.join('\n'))).toMatchObject([{ id: PC, state: 'stuck' }, { id: PHONE }]);
    expect(JSON.parse((await devices(PC, '--json')).lines.join('\n'))).toMatchObject({
      device: { id: PC, verdict: 'boot-file-not-asked-for' },
      entries: [{ event: 'dhcp.offered' }, { event: 'lease.bound' }],
    });
  });

  it('says that nobody is called so', async () => {
    await expect(devices('printer')).rejects.toThrow('no device called "printer" has been heard of');
  });
});

describe('bootlace devices', () => {
  it('finds a device by the name that the configuration gives it, and says that no server runs', async () => {
    stored();
    const { lines, notes } = await devices('desk-102');
    expect(lines[0]).toMatch(/^desk-102 \(00:1b:54:00:00:02/);
    expect(notes[0]).toMatch(/^no Bootlace is running/);
  });

  it('says that nothing was heard of anybody', async () => {
    expect((await devices()).lines).toEqual(['no device has been heard of']);
  });

  it('exports what is kept, a line of JSON each', async () => {
    stored();
    const lines = (await devices('export')).lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(4);
    expect(lines[3]).toMatchObject({ device: PC, event: 'lease.bound', bootFile: 'pxelinux.0', count: 1, what: 'REQUEST → ACK' });
    expect((await devices('export', PHONE)).lines).toHaveLength(2);
  });

  it('follows one device until the server ends, and nothing of the others', async () => {
    const made = await serving();
    const following = devices(PC, '--follow');
    setTimeout(() => {
      made.bind(PHONE);
      made.happen({ type: 'transfer.missed', mac: PC as never, protocol: 'tftp', path: 'pxelinux.0', lookedFor: '/srv/pxelinux.0' });
    }, 300);
    setTimeout(() => void server?.close(), 1000);
    const { lines } = await following;
    const since = lines.slice(lines.findIndex((line) => line.startsWith('heard of last')));
    expect(since.join('\n')).toMatch(/TFTP missed +no file pxelinux\.0/);
    expect(since.join('\n')).not.toContain('DISCOVER');
  });

  it('cannot follow where no server runs', async () => {
    stored();
    await expect(devices('--follow')).rejects.toThrow('no Bootlace is running that could be followed');
  });
});
