/** Sockets, frames, addresses and privileges on real (virtual) wires. The programs run inside the namespaces, as a process cannot change its own. */
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Capture } from '../support/capture.ts';
import { connect, Namespace, sweep } from '../support/netns.ts';
import { eventually, Program } from '../support/program.ts';
import { describeWith } from '../support/tools.ts';

const namespaces: Namespace[] = [];

function machine(role: string): Namespace {
  if (namespaces.length === 0) sweep();
  const made = new Namespace(role);
  namespaces.push(made);
  return made;
}

afterEach(() => {
  for (const made of namespaces.splice(0)) made.close();
});

function run(where: Namespace, program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  return where.start([process.execPath, join(import.meta.dirname, 'net-programs', `${program}.ts`), ...args], { env });
}

async function ask(where: Namespace, ...args: readonly string[]): Promise<string> {
  const { output } = await run(where, 'ask', args).succeeded();
  return output.trim();
}

/** A server and a client with one cable, each with its address. */
function pair(): { server: Namespace; client: Namespace } {
  const [server, client] = [machine('server'), machine('client')];
  connect(server, 'eth1', client, 'eth0');
  server.ip('address', 'add', '192.168.77.1/24', 'brd', '+', 'dev', 'eth1');
  client.ip('address', 'add', '192.168.77.50/24', 'brd', '+', 'dev', 'eth0');
  client.ip('route', 'add', 'default', 'dev', 'eth0');
  return { server, client };
}

describeWith([], 'sockets of an interface', () => {
  for (const { title, args } of [
    { title: 'Linux', args: ['linux'] },
    { title: 'Linux, in a worker thread', args: ['linux', 'in-worker'] },
    { title: 'Linux, batched', args: ['linux', 'batched'] },
    { title: 'Linux, batched in a worker thread', args: ['linux', 'in-worker', 'batched'] },
    { title: 'portable', args: ['portable'] },
  ]) {
    test(`${title}: unicast comes to the address, broadcast to the other, and both answer from the address`, async () => {
      const { server, client } = pair();
      const [kind = '', ...more] = args;
      const serving = run(server, 'serve', [kind, 'eth1', '192.168.77.1', '67', ...more]);
      await serving.waitFor(/ready/);
      expect(await ask(client, '192.168.77.1', '67', 'one')).toBe('"address of eth1 heard one" from 192.168.77.1');
      expect(await ask(client, '255.255.255.255', '67', 'two')).toBe('"wildcard of eth1 heard two" from 192.168.77.1');
      expect(await ask(client, '192.168.77.255', '67', 'three')).toBe('"wildcard of eth1 heard three" from 192.168.77.1');
      expect(await ask(client, '255.255.255.255', '67', 'shout')).toBe('"wildcard of eth1 heard shout" from 192.168.77.1');
      expect(await ask(client, '192.168.77.1', '67', 'shout')).toBe('"address of eth1 heard shout" from 192.168.77.1');
    });
  }

  test('two interfaces with the same subnet and the same client address: each answer leaves where the question came in', async () => {
    const [server, left, right] = [machine('server'), machine('left'), machine('right')];
    connect(server, 'eth1', left, 'eth0');
    connect(server, 'eth2', right, 'eth0');
    server.ip('address', 'add', '192.168.77.1/24', 'brd', '+', 'dev', 'eth1');
    server.ip('address', 'add', '192.168.77.2/24', 'brd', '+', 'dev', 'eth2');
    for (const client of [left, right]) {
      client.ip('address', 'add', '192.168.77.50/24', 'brd', '+', 'dev', 'eth0');
      client.ip('route', 'add', 'default', 'dev', 'eth0');
    }
    const servers = [
      run(server, 'serve', ['linux', 'eth1', '192.168.77.1', '67']),
      run(server, 'serve', ['linux', 'eth2', '192.168.77.2', '67']),
    ];
    await Promise.all(servers.map((serving) => serving.waitFor(/ready/)));
    expect(await ask(left, '255.255.255.255', '67', 'a')).toBe('"wildcard of eth1 heard a" from 192.168.77.1');
    expect(await ask(right, '255.255.255.255', '67', 'b')).toBe('"wildcard of eth2 heard b" from 192.168.77.2');
    expect(await ask(left, '192.168.77.1', '67', 'c')).toBe('"address of eth1 heard c" from 192.168.77.1');
    expect(await ask(right, '192.168.77.2', '67', 'd')).toBe('"address of eth2 heard d" from 192.168.77.2');
    expect(await ask(left, '255.255.255.255', '67', 'shout')).toBe('"wildcard of eth1 heard shout" from 192.168.77.1');
    expect(await ask(right, '255.255.255.255', '67', 'shout')).toBe('"wildcard of eth2 heard shout" from 192.168.77.2');
  });

  for (const kind of ['linux', 'portable']) {
    test(`${kind}: a second server on the same port hears that it is taken`, async () => {
      const { server } = pair();
      await run(server, 'serve', [kind, 'eth1', '192.168.77.1', '67']).waitFor(/ready/);
      const second = await run(server, 'serve', [kind, 'eth1', '192.168.77.1', '67']).finished();
      expect(second.code).not.toBe(0);
      expect(second.output).toContain('EADDRINUSE on port 67: another program serves UDP port 67 on eth1 already');
    });
  }
});

describeWith([], 'a crowd', () => {
  test('two thousand datagrams in one burst, to the address and to all: not one is lost before it is heard', async () => {
    const { server, client } = pair();
    const serving = run(server, 'serve', ['linux', 'eth1', '192.168.77.1', '67', 'batched']);
    await serving.waitFor(/ready/);
    const { output } = await run(client, 'burst', ['192.168.77.1', '67', '1000']).succeeded();
    const heardBy = (role: string) => serving.output.match(new RegExp(`^${role} got`, 'gm'))?.length;
    expect([heardBy('address'), heardBy('wildcard')]).toEqual([1000, 1000]);
    expect(output).toMatch(/^\d+ answers, all from 192\.168\.77\.1$/m);
  });

  test('lives through a pulled cable', async () => {
    const { server, client } = pair();
    const serving = run(server, 'serve', ['linux', 'eth1', '192.168.77.1', '67', 'batched']);
    await serving.waitFor(/ready/);
    server.ip('link', 'set', 'eth1', 'down');
    server.ip('link', 'set', 'eth1', 'up');
    client.ip('route', 'replace', 'default', 'dev', 'eth0');
    expect(await ask(client, '255.255.255.255', '67', 'again')).toBe('"wildcard of eth1 heard again" from 192.168.77.1');
    await serving.stop();
  });
});

describeWith(['tcpdump', 'tshark'], 'raw frames', () => {
  test('reach a client that has no address, with right checksums, and one that does not fit is said', async () => {
    const [server, client] = [machine('server'), machine('client')];
    connect(server, 'eth1', client, 'eth0');
    const hardwareAddress = client.macOf('eth0');
    const capture = await Capture.start(client, 'eth0', 'udp port 68');
    const sending = await run(server, 'send-frame', ['eth1', '192.168.77.1', '192.168.77.100', hardwareAddress, 'hello']).succeeded();
    expect(sending.output).toContain('fault a datagram of 2028 octets does not fit the MTU of eth1, 1500');
    await capture.stop();
    const fields = ['eth.src', 'eth.dst', 'ip.src', 'ip.dst', 'ip.ttl', 'udp.srcport', 'udp.dstport', 'frame.len'] as const;
    const sent = {
      'eth.src': server.macOf('eth1'),
      'eth.dst': hardwareAddress,
      'ip.src': '192.168.77.1',
      'ip.dst': '192.168.77.100',
      'ip.ttl': '64',
      'udp.srcport': '67',
      'udp.dstport': '68',
      'frame.len': '60',
    };
    expect(await capture.packets(fields)).toEqual([sent]);
    // tshark looks at checksums only when told to, as network cards fill them in late.
    const checks = [
      '-o',
      'ip.check_checksum:TRUE',
      '-o',
      'udp.check_checksum:TRUE',
      '-T',
      'fields',
      '-e',
      'ip.checksum.status',
      '-e',
      'udp.checksum.status',
    ];
    const { output } = await new Program(['tshark', '-n', '-r', capture.file, ...checks]).succeeded();
    expect(output).toMatch(/^1\t1$/m);
  });
});

describeWith([], 'the watcher', () => {
  const type = (event: string) => new RegExp(`"type":"network.${event}".*\n`);

  test('puts the address on, serves, and takes it off again', async () => {
    const [server, client] = [machine('server'), machine('client')];
    connect(server, 'eth1', client, 'eth0');
    const watching = run(server, 'watch', ['auto', '192.168.77.1/24', 'assign']);
    await watching.waitFor(/up on eth1 as 192\.168\.77\.1\/24/);
    expect(server.addressesOf('eth1')).toEqual(['192.168.77.1/24']);
    expect(server.ip('-o', '-4', 'address', 'show', 'dev', 'eth1')).toContain('brd 192.168.77.255');
    expect((await watching.stop()).code).toBe(0);
    expect(server.addressesOf('eth1')).toEqual([]);
    expect(watching.output).toMatch(type('address-removed'));
  });

  test('leaves an address that it found', async () => {
    const { server } = pair();
    const watching = run(server, 'watch', ['eth1', '192.168.77.1/24', 'assign']);
    await watching.waitFor(/up on eth1/);
    await watching.stop();
    expect(server.addressesOf('eth1')).toEqual(['192.168.77.1/24']);
    expect(watching.output).not.toMatch(type('address-added'));
  });

  test('sets a named interface up that was down', async () => {
    const [server, client] = [machine('server'), machine('client')];
    connect(server, 'eth1', client, 'eth0');
    server.ip('link', 'set', 'eth1', 'down');
    const watching = run(server, 'watch', ['eth1', '192.168.77.1/24', 'assign']);
    await watching.waitFor(/up on eth1/);
    await watching.stop();
  });

  test('lives through a pulled cable, an address taken off, and an interface that is deleted and made anew', async () => {
    const [server, client] = [machine('server'), machine('client')];
    connect(server, 'eth1', client, 'eth0');
    const watching = run(server, 'watch', ['eth1', '192.168.77.1/24', 'assign']);
    const times = (pattern: RegExp) => watching.output.match(new RegExp(pattern, 'g'))?.length ?? 0;
    await watching.waitFor(/up on eth1/);

    client.ip('link', 'set', 'eth0', 'down');
    await watching.waitFor(/"network\.down".*eth1 has no cable/);
    client.ip('link', 'set', 'eth0', 'up');
    await eventually('served again', () => times(/up on eth1/) === 2);

    server.ip('address', 'flush', 'dev', 'eth1');
    await eventually('the address is back', () => server.addressesOf('eth1').includes('192.168.77.1/24'));

    server.ip('link', 'delete', 'eth1');
    await watching.waitFor(/"network\.down".*there is no interface eth1/);
    connect(server, 'eth1', client, 'eth0');
    await eventually('served anew', () => times(/up on eth1/) === 3);

    await watching.stop();
    expect(server.addressesOf('eth1')).toEqual([]);
    expect(watching.output).not.toMatch(/server\.fault/);
  });

  test('never takes the interface of the default route by itself', async () => {
    const [server, office] = [machine('server'), machine('office')];
    connect(server, 'eth0', office, 'eth0');
    server.ip('address', 'add', '10.0.0.5/24', 'dev', 'eth0');
    server.ip('route', 'add', 'default', 'via', '10.0.0.1');
    const watching = run(server, 'watch', ['auto', '192.168.77.1/24', 'assign']);
    await watching.waitFor(/eth0 carries the default route \(name it in the configuration to serve there\)/);
    await watching.waitFor(/started/);
    await watching.stop();
    expect(server.addressesOf('eth0')).toEqual(['10.0.0.5/24']);
  });
});

describeWith([], 'privileges', () => {
  const everything = ['main misses 0', 'main did everything', 'worker misses 0', 'worker did everything', '/etc/shadow is closed'];

  test('who called sudo, on every thread, with the network rights and nothing else', async () => {
    const { server } = pair();
    const env = { SUDO_UID: '65534', SUDO_GID: '65534', SUDO_USER: 'nobody' };
    const { output } = await run(server, 'drop-privileges', ['auto', 'eth1'], env).succeeded();
    expect(output).toContain(
      '{"type":"server.privileges-dropped","user":"nobody","kept":["CAP_NET_BIND_SERVICE","CAP_NET_RAW","CAP_NET_ADMIN"]}',
    );
    for (const line of everything) expect(output).toContain(line);
    const threads = output.match(/^thread .*$/gm) ?? [];
    expect(threads.length).toBeGreaterThan(4);
    expect(new Set(threads)).toEqual(new Set(['thread uid 65534 65534 65534 65534 gid 65534 65534 65534 65534 groups 65534 .']));
    expect(output).toContain('main permitted 0000000000003400 effective 0000000000003400 no-new-privs 1');
    // SCHED_RR, as DHCP's thread, by a right that is given up afterwards.
    expect(output).toContain('worker policy 2 permitted 0000000000003400');
  });

  test('a named user', async () => {
    const { server } = pair();
    const { output } = await run(server, 'drop-privileges', ['nobody', 'eth1']).succeeded();
    expect(output).toContain('"user":"nobody"');
    for (const line of everything) expect(output).toContain(line);
  });

  test('a user that does not exist is said, and root does not go on', async () => {
    const { server } = pair();
    const { code, output } = await run(server, 'drop-privileges', ['no-such-user', 'eth1']).finished();
    expect(code).not.toBe(0);
    expect(output).toContain("there is no user 'no-such-user' on this machine (server.user)");
  });

  test('nobody to become: all is kept, with the reason', async () => {
    const { server } = pair();
    const { output } = await run(server, 'drop-privileges', ['auto', 'eth1'], { SUDO_UID: '', SUDO_GID: '' }).succeeded();
    expect(output).toContain(
      `{"type":"server.privileges-kept","why":"it was not started through sudo, and 'server.user' names nobody else"}`,
    );
  });
});

describeWith(['setpriv'], 'without privileges', () => {
  test('a port below 1024 is refused with the remedy', async () => {
    const { server } = pair();
    const program = join(import.meta.dirname, 'net-programs', 'serve.ts');
    const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] as const;
    const { code, output } = await server.start([...asNobody, process.execPath, program, 'linux', 'eth1', '192.168.77.1', '67']).finished();
    expect(code).not.toBe(0);
    expect(output).toContain(
      'EACCES on port 67: ports below 1024 are for privileged programs; run as root, or once: setcap cap_net_bind_service',
    );
  });
});

describe('what this run made', () => {
  test('is gone', () => {
    expect(namespaces).toEqual([]);
  });
});
