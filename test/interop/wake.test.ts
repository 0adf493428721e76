/** `bootlace wake` as the sleeping machine's wire sees it: from a running server, and without one. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import { Capture } from '../support/capture.ts';
import type { Namespace } from '../support/netns.ts';
import { eventually } from '../support/program.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const DESK = '00:1b:54:aa:bb:cc';
const FIELDS = ['eth.dst', 'eth.src', 'eth.type', 'ip.src', 'ip.dst', 'udp.dstport', 'frame.len', 'wol.mac'] as const;
const MAIN = join(import.meta.dirname, '../../bin/bootlace.js');

describeWith(['busybox', 'tcpdump', 'tshark', 'setpriv'], 'bootlace wake', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let wifi: Namespace;
  let sleeper: Namespace;
  let appliance: Appliance;

  beforeAll(() => {
    ethernet = new VirtualSwitch();
    ({ laptop, wifi } = plugLaptop(ethernet));
    sleeper = ethernet.plug('sleeper');
  });
  afterEach(() => appliance.stop());
  afterAll(() => leaveNothing(ethernet));

  const config = { networks: [bench()], hosts: [{ mac: DESK, name: 'desk-101', address: '192.168.77.21' }] };

  /** What a wire sees of Wake-on-LAN while something is done. */
  async function seen(machine: Namespace, device: string, act: () => Promise<void>) {
    const capture = await Capture.start(machine, device, 'ether proto 0x0842 or udp port 9');
    await act();
    // tcpdump writes what it has seen before it ends.
    await capture.stop();
    const packets = await capture.packets(FIELDS, 'wol');
    // The sixteen times, when they are all the same.
    return packets.map((packet) => ({ ...packet, 'wol.mac': packet['wol.mac'].replace(/^([^,]+)(,\1){15}$/, '$1') }));
  }

  /** What is to be seen: `sender` sends from `address`, and the packet has `more` octets than it needs. */
  const expected = (sender: Namespace, address: string, more = 0) => {
    const udp = { 'eth.type': '0x0800', 'ip.src': address, 'udp.dstport': '9', 'frame.len': String(14 + 20 + 8 + 102 + more) };
    const frame = { 'eth.type': '0x0842', 'ip.src': '', 'ip.dst': '', 'udp.dstport': '', 'frame.len': String(14 + 102 + more) };
    return [{ ...udp, 'ip.dst': '192.168.77.255' }, { ...udp, 'ip.dst': '255.255.255.255' }, frame].map((packet) => ({
      ...packet,
      'eth.dst': 'ff:ff:ff:ff:ff:ff',
      'eth.src': sender.macOf(LAN),
      'wol.mac': DESK,
    }));
  };

  it('has the running server send it on the network of the machine, and nowhere else', async () => {
    appliance = new Appliance(laptop, config);
    await appliance.start();
    const outside = await Capture.start(wifi, 'air0', 'ether proto 0x0842 or udp port 9');
    const packets = await seen(sleeper, LAN, async () => {
      const { stdout, code, output } = await appliance.run('wake', 'DESK-101', '--password', '00:11:22:33:44:55');
      expect(code, output).toBe(0);
      expect(stdout).toBe(
        `called desk-101 (${DESK}) on ${LAN}: UDP to 192.168.77.255:9 and 255.255.255.255:9, an Ethernet frame (0x0842)\n`,
      );
    });
    expect(packets).toEqual(expected(laptop, SERVER, 6));
    await outside.stop();
    expect(await outside.packets(['eth.src'])).toEqual([]);
    expect(appliance.events('wake.sent')).toMatchObject([{ mac: DESK, name: 'desk-101', interface: LAN }]);
    expect(JSON.stringify(appliance.log), 'a password is nobody’s').not.toMatch(/00:11:22:33:44:55/);
  });

  it('finds a machine by the name that it gave itself, from its lease', async () => {
    appliance = new Appliance(laptop, config);
    await appliance.start();
    await sleeper.start(['busybox', 'udhcpc', '-i', LAN, '-f', '-n', '-q', '-x', 'hostname:sleepy', '-s', '/bin/true']).succeeded();
    const { code, stdout, output } = await appliance.run('wake', 'sleepy', '--json');
    expect(code, output).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      mac: sleeper.macOf(LAN),
      name: 'sleepy',
      by: 'server',
      calls: [{ interface: LAN, frame: true }],
    });
    const wrong = await appliance.run('wake', 'slepy');
    expect([wrong.code, wrong.output]).toEqual([
      1,
      'bootlace: nobody is known as "slepy", neither in `hosts` nor by a lease; did you mean sleepy?\n',
    ]);
  });

  it('sends it itself where no server runs, from an interface with an address and from one without', async () => {
    appliance = new Appliance(laptop, config);
    const withoutAddress = await seen(sleeper, LAN, async () => {
      expect((await appliance.run('wake', 'desk-101')).output).toContain(`on ${LAN}: UDP to 255.255.255.255:9, an Ethernet frame`);
    });
    // The kernel takes an address of another interface, as this one has none.
    const [, toAll, frame] = expected(laptop, '172.30.0.2');
    expect(withoutAddress).toEqual([toAll, frame]);
    laptop.ip('address', 'add', `${SERVER}/24`, 'dev', LAN);
    const withAddress = await seen(sleeper, LAN, async () => {
      expect((await appliance.run('wake', DESK, '--interface', LAN)).code).toBe(0);
    });
    expect(withAddress).toEqual(expected(laptop, SERVER));
    const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] as const;
    const unprivileged = await seen(sleeper, LAN, async () => {
      const program = laptop.start([...asNobody, process.execPath, MAIN, 'wake', DESK, '--interface', LAN], { cwd: '/' });
      const { code, output } = await program.finished();
      expect(code, output).toBe(0);
      expect(output).toMatch(/Ethernet: EPERM: .*opening a packet socket/);
    });
    expect(unprivileged, 'UDP needs no rights').toEqual(expected(laptop, SERVER).slice(0, 2));
    laptop.ip('address', 'flush', 'dev', LAN);
  });

  it('says which cable is missing', async () => {
    appliance = new Appliance(laptop, { ...config, networks: [bench({ interface: LAN })] });
    ethernet.pull(laptop);
    await eventually('the cable is seen to be out', () => !laptop.ip('link', 'show', 'dev', LAN).includes('LOWER_UP'));
    const { code, output } = await appliance.run('wake', 'desk-101');
    expect([code, output]).toEqual([1, `bootlace: no interface is up: bench: ${LAN} has no cable; --interface names another\n`]);
    ethernet.putBack(laptop);
  });
});
