/** The packets of a real client, as the command line, the API and Wireshark show them. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { DecodedPacket } from '../../src/devices/api.ts';
import { Appliance, bench } from '../support/appliance.ts';
import { packetsIn } from '../support/capture.ts';
import { Udhcpc } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import { eventually } from '../support/program.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

describeWith(['busybox', 'tftp', 'tshark', 'curl'], 'Packets of a device', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let appliance: Appliance;

  beforeAll(() => {
    ethernet = new VirtualSwitch();
    ({ laptop } = plugLaptop(ethernet));
    laptop.ip('link', 'set', 'lo', 'up');
  });
  afterEach(() => appliance.stop());
  afterAll(() => leaveNothing(ethernet));

  it('are those of its exchange and of the files that it asked for, and of nobody else', async () => {
    appliance = new Appliance(laptop, { networks: [bench()], http: { port: 'off' } });
    appliance.offer('there.cfg', 'hostname there\n');
    await appliance.start('web.ready');
    const [client, other] = [ethernet.plug('client'), ethernet.plug('other')];
    for (const machine of [client, other]) {
      const from = appliance.mark();
      new Udhcpc(machine).start();
      await appliance.event('lease.bound', { mac: machine.macOf(LAN) }, from);
      await eventually('the address on the interface', () => machine.addressesOf(LAN)[0]);
      for (const name of ['there.cfg', 'missing.cfg'])
        await machine.start(['tftp', '192.168.77.1', '-m', 'binary', '-c', 'get', name, '/dev/null']).finished();
    }
    const mac = client.macOf(LAN);
    const address = client.addressesOf(LAN)[0]?.split('/')[0] ?? '';

    const listed = await appliance.run('devices', mac, '--packets', '--json');
    expect(listed.code, listed.output).toBe(0);
    const packets = JSON.parse(listed.stdout) as DecodedPacket[];
    expect(packets.map(({ direction, summary }) => `${direction} ${summary}`)).toEqual([
      'in DISCOVER',
      `out OFFER ${address}`,
      'in REQUEST',
      `out ACK ${address}`,
      'in RRQ there.cfg',
      'in RRQ missing.cfg',
      expect.stringMatching(/^out ERROR 1 \(file not found\)/),
      // tftp-hpa has a last ACK for everything, and sends it where the ERROR came from.
      'in ACK 1',
    ]);
    expect(packets[1]).toMatchObject({ from: '192.168.77.1:67', to: `${address}:68` });
    expect(packets[4]?.to).toBe('192.168.77.1:69');

    const inWords = await appliance.run('devices', mac, '--packets');
    expect(inWords.stdout).toMatch(/in {3}0\.0\.0\.0:68 → 255\.255\.255\.255:67 {2}DISCOVER\n/);
    expect(inWords.stdout).toMatch(/\n {4}option 53 \(DHCP Message Type\) +5 \(ACK\)\n/);

    const { stdout } = await laptop.start(['curl', '-sS', '-f', `http://127.0.0.1:8067/api/v1/devices/${mac}/packets`]).succeeded();
    expect(JSON.parse(stdout)).toEqual({ packets });
    const status = laptop.start([
      'curl',
      '-sS',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      'http://127.0.0.1:8067/api/v1/devices/nobody/packets',
    ]);
    expect((await status.succeeded()).stdout).toBe('404');

    const file = join(appliance.directory, 'client.pcap');
    expect((await appliance.run('devices', mac, '--pcap', file)).code).toBe(0);
    const read = await packetsIn(file, [
      'dhcp.option.dhcp',
      'tftp.opcode',
      'ip.dst',
      'udp.checksum.status',
      'ip.checksum.status',
      '_ws.malformed',
    ]);
    expect(read.map((packet) => packet['dhcp.option.dhcp'] || `tftp ${packet['tftp.opcode']}`)).toEqual([
      ...['1', '2', '3', '5'],
      ...['tftp 1', 'tftp 1', 'tftp 5', 'tftp 4'],
    ]);
    expect(read.map((packet) => packet['_ws.malformed']).join('')).toBe('');
    expect(read[0]?.['ip.dst']).toBe('255.255.255.255');

    await appliance.stop();
    const gone = await appliance.run('devices', mac, '--packets');
    expect([gone.code, gone.output]).toEqual([1, expect.stringContaining('packets are kept while it runs')]);
    client.close();
    other.close();
  });
});
