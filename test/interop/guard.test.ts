/** Other DHCP servers and addresses in use, on a virtual switch: what is asked, what is heard, and what is not believed. */
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import { Capture } from '../support/capture.ts';
import type { Namespace } from '../support/netns.ts';
import { connect } from '../support/netns.ts';
import type { Program } from '../support/program.ts';
import { scratch } from '../support/scratch.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

let ethernet: VirtualSwitch | undefined;

function newSwitch(): VirtualSwitch {
  ethernet = new VirtualSwitch();
  return ethernet;
}

afterEach(() => {
  leaveNothing(ethernet);
  ethernet = undefined;
});

function run(where: Namespace, program: string, ...args: readonly string[]): Program {
  return where.start([process.execPath, join(import.meta.dirname, 'net-programs', `${program}.ts`), ...args]);
}

/** A machine on the switch with this address on `lan0`. */
function machineAt(to: VirtualSwitch, role: string, address: string): Namespace {
  const machine = to.plug(role);
  machine.ip('address', 'add', `${address}/24`, 'brd', '+', 'dev', LAN);
  return machine;
}

/** Starts dnsmasq with a pool of `192.168.5.50-60`; resolves when it serves. */
async function startRival(where: Namespace, device: string, ...options: readonly string[]): Promise<Program> {
  const leases = join(scratch('rival'), 'leases');
  const pool = ['-F', '192.168.5.50,192.168.5.60,255.255.255.0,1h'];
  const rival = where.start(['dnsmasq', '-d', '-C', '/dev/null', '-p', '0', '-u', 'root', '-i', device, '-l', leases, ...pool, ...options]);
  await rival.waitFor(/IP range/);
  return rival;
}

const found = (server: string, mac: string) => new RegExp(`"guard.found","address":"${server}","mac":"${mac}","offered":"192\\.168\\.5\\.`);
const CLEAR = /"guard\.clear".*\nserves full/;

describeWith(['tcpdump', 'tshark'], 'the guard on a wire of its own', () => {
  test('asks three times by broadcast, from no address, by the guarded interface only, and finds the wire clear', async () => {
    const { laptop, wifi } = plugLaptop(newSwitch());
    const onWifi = await Capture.start(wifi, 'air0', 'udp');
    const onLan = await Capture.start(laptop, LAN, 'udp');
    const guard = run(laptop, 'guard', LAN, 'refuse');
    await guard.waitFor(/begins with renewals/);
    await guard.waitFor(CLEAR);
    expect((await guard.stop()).code).toBe(0);
    await Promise.all([onLan.stop(), onWifi.stop()]);
    const sent = await onLan.packets([
      'eth.src',
      'eth.dst',
      'ip.src',
      'ip.dst',
      'udp.srcport',
      'udp.dstport',
      'dhcp.option.dhcp',
      'dhcp.hw.mac_addr',
      'dhcp.flags',
    ]);
    const mac = laptop.macOf(LAN);
    expect(sent).toEqual(
      Array.from({ length: 3 }, () => ({
        'eth.src': mac,
        'eth.dst': 'ff:ff:ff:ff:ff:ff',
        'ip.src': '0.0.0.0',
        'ip.dst': '255.255.255.255',
        'udp.srcport': '68',
        'udp.dstport': '67',
        'dhcp.option.dhcp': '1',
        'dhcp.hw.mac_addr': mac,
        'dhcp.flags': '0x8000',
      })),
    );
    expect(await onWifi.packets(['ip.dst'])).toEqual([]);
  });
});

describeWith(['dnsmasq', 'busybox'], 'the guard and another server', () => {
  test('finds one that pings for three seconds before it offers, and begins nothing', async () => {
    const wire = newSwitch();
    const rival = machineAt(wire, 'rival', '192.168.5.1');
    const laptop = machineAt(wire, 'laptop', '192.168.5.9');
    await startRival(rival, LAN);
    const guard = run(laptop, 'guard', LAN, 'refuse');
    await guard.waitFor(found('192.168.5.1', rival.macOf(LAN)));
    await guard.stop();
    expect(guard.output).not.toContain('serves full');
    expect(guard.output.match(/guard\.found/g)).toHaveLength(1);
  });

  test('stops when one is heard later, and goes on when it is gone', async () => {
    const wire = newSwitch();
    const [rival, laptop, client] = [
      machineAt(wire, 'rival', '192.168.5.1'),
      machineAt(wire, 'laptop', '192.168.5.9'),
      wire.plug('client'),
    ];
    const guard = run(laptop, 'guard', LAN, 'refuse', 'quick');
    await guard.waitFor(CLEAR);
    const dnsmasq = await startRival(rival, LAN, '--no-ping');
    // -B: the client asks for broadcasts, so that the laptop hears the answer.
    await client.start(['busybox', 'udhcpc', '-f', '-q', '-n', '-B', '-i', LAN, '-s', '/bin/true']).succeeded();
    await guard.waitFor(found('192.168.5.1', rival.macOf(LAN)));
    await guard.waitFor(/serves renewals/);
    await dnsmasq.stop('SIGTERM');
    await guard.waitFor(new RegExp(`"guard.gone","address":"192.168.5.1".*\n.*${CLEAR.source}`));
    await guard.stop();
  });

  test('warns only, when told so', async () => {
    const wire = newSwitch();
    const rival = machineAt(wire, 'rival', '192.168.5.1');
    await startRival(rival, LAN, '--no-ping');
    const guard = run(wire.plug('laptop'), 'guard', LAN, 'warn');
    await guard.waitFor(found('192.168.5.1', rival.macOf(LAN)));
    await guard.stop();
    expect(guard.output).toContain('begins with full');
    expect(guard.output).not.toContain('serves');
  });

  test('is deceived neither by its own server, nor by that on a second interface on the same switch', async () => {
    const wire = newSwitch();
    const laptop = machineAt(wire, 'laptop', '192.168.5.9');
    connect(wire.namespace, 'second', laptop, 'lan1');
    wire.namespace.ip('link', 'set', 'second', 'master', 'br0');
    laptop.ip('address', 'add', '192.168.5.8/24', 'dev', 'lan1');
    const own = await startRival(laptop, 'lan1', '--no-ping', '-i', LAN);
    const client = wire.plug('client');
    const guard = run(laptop, 'guard', LAN, 'refuse');
    await guard.waitFor(/begins/);
    await client.start(['busybox', 'udhcpc', '-f', '-q', '-n', '-B', '-i', LAN, '-s', '/bin/true']).succeeded();
    await guard.waitFor(CLEAR);
    await guard.stop();
    for (const device of [LAN, 'lan1']) expect(own.output).toContain(`DHCPOFFER(${device}) 192.168.5.`);
    expect(guard.output).not.toContain('guard.found');
  });

  test('finds a server that has the very address of this one', async () => {
    const wire = newSwitch();
    const rival = machineAt(wire, 'rival', '192.168.5.1');
    const laptop = machineAt(wire, 'laptop', '192.168.5.1');
    await startRival(rival, LAN, '--no-ping');
    const guard = run(laptop, 'guard', LAN, 'refuse');
    await guard.waitFor(found('192.168.5.1', rival.macOf(LAN)));
    await guard.stop();
  });

  test('leaves a proxyDHCP server alone, which gives no addresses', async () => {
    const wire = newSwitch();
    const rival = machineAt(wire, 'rival', '192.168.5.1');
    const laptop = machineAt(wire, 'laptop', '192.168.5.9');
    const proxy = ['--dhcp-range=192.168.5.0,proxy', '--pxe-service=x86PC,boot,pxelinux'];
    const place = join(scratch('proxy'), 'leases');
    const dnsmasq = rival.start(['dnsmasq', '-d', '-C', '/dev/null', '-p', '0', '-u', 'root', '-i', LAN, '-l', place, ...proxy]);
    await dnsmasq.waitFor(/DHCP, proxy/);
    const guard = run(laptop, 'guard', LAN, 'refuse');
    await guard.waitFor(/begins/);
    const client = wire.plug('client');
    // A ROM's first message: vendor class, architecture and the broadcast flag.
    const asRom = ['-V', 'PXEClient:Arch:00000:UNDI:002001', '-x', '0x5d:0000', '-t', '3', '-T', '1'];
    await client.start(['busybox', 'udhcpc', '-f', '-q', '-n', '-B', '-i', LAN, '-s', '/bin/true', ...asRom]).finished();
    await guard.waitFor(CLEAR);
    await guard.stop();
    expect(dnsmasq.output).toContain('PXE(lan0)');
    expect(guard.output).not.toContain('guard.found');
  });
});

describeWith([], 'two Bootlaces', () => {
  test('with the same configuration, and so the same address: the second finds the first', async () => {
    const wire = newSwitch();
    const [rival, laptop] = [wire.plug('rival'), machineAt(wire, 'laptop', SERVER)];
    const first = new Appliance(rival, { networks: [bench({ guard: 'off', conflictCheck: 'off' })] });
    await first.start();
    const guard = run(laptop, 'guard', LAN, 'refuse');
    await guard.waitFor(/"guard.found","address":"192\.168\.77\.1".*"offered":"192\.168\.77\.1\d\d"/);
    await guard.stop();
    await first.event('dhcp.offered', { mac: laptop.macOf(LAN) });
    await first.stop();
  });
});

describeWith([], 'the sniffer', () => {
  test('does not hear the servers of tagged VLANs on the same cable', async () => {
    const wire = newSwitch();
    const [rival, laptop] = [wire.plug('rival'), machineAt(wire, 'laptop', '192.168.5.9')];
    const guard = run(laptop, 'guard', LAN, 'refuse');
    await guard.waitFor(/begins/);
    await run(rival, 'offer-frame', LAN, '192.168.5.1', '192.168.5.61', '20').succeeded();
    await run(rival, 'offer-frame', LAN, '192.168.5.2', '192.168.5.62').succeeded();
    await guard.waitFor(found('192.168.5.2', rival.macOf(LAN)));
    await guard.stop();
    expect(guard.output).not.toContain('192.168.5.1');
  });
});

interface Probed {
  readonly address: string;
  readonly mac?: string;
  readonly millis: number;
}

async function probe(where: Namespace, ...args: readonly string[]): Promise<readonly Probed[]> {
  const { stdout } = await run(where, 'arp-probe', LAN, ...args).succeeded();
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Probed);
}

describeWith(['tcpdump', 'tshark'], 'ARP probes', () => {
  for (const where of ['main thread', 'worker']) {
    test(`in the ${where}: who has the address, at once; nobody, after a quarter of a second`, async () => {
      const wire = newSwitch();
      const [laptop, host] = [machineAt(wire, 'laptop', '192.168.5.9'), machineAt(wire, 'host', '192.168.5.50')];
      const thread = where === 'worker' ? ['in-worker'] : [];
      const [taken, free] = await probe(laptop, '192.168.5.50', '192.168.5.51', ...thread);
      expect(taken).toMatchObject({ address: '192.168.5.50', mac: host.macOf(LAN) });
      expect(taken?.millis).toBeLessThan(200);
      expect(free).toEqual({ address: '192.168.5.51', millis: free?.millis });
      expect(free?.millis).toBeGreaterThanOrEqual(250);
      expect(free?.millis).toBeLessThan(500);
    });
  }

  test('find a host that drops pings, and leave no trace in its table (RFC 5227 §2.1.1)', async () => {
    const wire = newSwitch();
    const [laptop, host] = [machineAt(wire, 'laptop', '192.168.5.9'), machineAt(wire, 'host', '192.168.5.50')];
    await host.start(['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all']).succeeded();
    const capture = await Capture.start(host, LAN, 'arp');
    expect(await probe(laptop, '192.168.5.50', '192.168.5.51')).toMatchObject([{ mac: host.macOf(LAN) }, {}]);
    await capture.stop();
    expect(host.ip('neigh', 'show')).toBe('');
    const fields = ['eth.src', 'eth.dst', 'arp.opcode', 'arp.src.proto_ipv4', 'arp.dst.proto_ipv4', 'arp.dst.hw_mac'] as const;
    const [mine, its] = [laptop.macOf(LAN), host.macOf(LAN)];
    const question = (address: string) => ({
      'eth.src': mine,
      'eth.dst': 'ff:ff:ff:ff:ff:ff',
      'arp.opcode': '1',
      'arp.src.proto_ipv4': '0.0.0.0',
      'arp.dst.proto_ipv4': address,
      'arp.dst.hw_mac': '00:00:00:00:00:00',
    });
    expect(await capture.packets(fields, `eth.src == ${mine}`)).toEqual([
      question('192.168.5.50'),
      question('192.168.5.51'),
      question('192.168.5.51'),
    ]);
    expect(await capture.packets(fields, `eth.src == ${its}`)).toEqual([
      {
        'eth.src': its,
        'eth.dst': mine,
        'arp.opcode': '2',
        'arp.src.proto_ipv4': '192.168.5.50',
        'arp.dst.proto_ipv4': '0.0.0.0',
        'arp.dst.hw_mac': mine,
      },
    ]);
  });

  test('many at one time, half of them answered', async () => {
    const wire = newSwitch();
    const [laptop, host] = [machineAt(wire, 'laptop', '192.168.5.9'), wire.plug('host')];
    const numbers = Array.from({ length: 200 }, (_, index) => index + 20);
    for (const number of numbers.filter((each) => each % 2 === 0)) host.ip('address', 'add', `192.168.5.${number}/24`, 'dev', LAN);
    const probed = await probe(laptop, ...numbers.map((number) => `192.168.5.${number}`));
    expect(probed).toHaveLength(200);
    const isEven = ({ address }: Probed) => Number(address.split('.')[3]) % 2 === 0;
    expect(probed.filter(({ mac }) => mac !== undefined).every(isEven)).toBe(true);
    expect(probed.filter(({ mac }) => mac === host.macOf(LAN))).toHaveLength(100);
    expect(Math.max(...probed.map(({ millis }) => millis))).toBeLessThan(1000);
  });

  test('without a cable: nobody, and no word of it', async () => {
    const laptop = machineAt(newSwitch(), 'laptop', '192.168.5.9');
    laptop.ip('link', 'set', LAN, 'down');
    expect(await probe(laptop, '192.168.5.50')).toMatchObject([{ address: '192.168.5.50' }]);
  });
});

describe('what this run made', () => {
  test('is gone', () => {
    expect(ethernet).toBeUndefined();
  });
});
