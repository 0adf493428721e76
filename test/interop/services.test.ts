/** Real programs send syslog to the appliance, take the time from it and ask it for names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import { Udhcpc } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import { eventually, type Program } from '../support/program.ts';
import { scratch } from '../support/scratch.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const PHONE = '00:1b:54:aa:bb:cc';
const UPSTREAM = '172.30.0.1';

const SERVICES = {
  syslog: true,
  ntp: 'on',
  dns: { names: { pbx: '192.168.77.5', 'files.example.com': '$${server}' }, forward: [UPSTREAM] },
};
const CONFIG = {
  server: { user: 'nobody' },
  networks: [bench({ options: { domainName: 'bench.lan' } })],
  hosts: [{ mac: PHONE, name: 'desk-101', address: '192.168.77.21' }],
  services: SERVICES,
};

describeWith(['busybox', 'bash', 'logger', 'dig', 'host', 'chronyd', 'ntpdate', 'dnsmasq'], 'Services', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let wifi: Namespace;
  let appliance: Appliance;
  let phone: Namespace;
  let client: Udhcpc;
  let upstream: Program;

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    ({ laptop, wifi } = plugLaptop(ethernet));
    upstream = wifi.start([
      'dnsmasq',
      ...['--keep-in-foreground', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--user=root', '--pid-file=', '--log-facility=-'],
      '--address=/example.org/192.0.2.7',
      // More than fits into a datagram.
      ...Array.from({ length: 8 }, (_, at) => `--txt-record=long.example.net,${String(at).repeat(250)}`),
    ]);
    appliance = new Appliance(laptop, CONFIG);
    await appliance.start('http.ready');
    await Promise.all(['syslog', 'ntp', 'dns'].map((service) => appliance.event('service.ready', { service })));
    phone = ethernet.plug('phone', { mac: PHONE });
    client = new Udhcpc(phone);
    client.start({ ask: [7, 42] });
    await appliance.event('lease.bound', { mac: PHONE });
    await eventually('it has its address', () => phone.addressesOf(LAN).length > 0);
  });

  afterAll(async () => {
    await client?.vanish();
    await upstream?.kill();
    await appliance?.stop();
    leaveNothing(ethernet);
  });

  const run = async (...command: [string, ...string[]]): Promise<string> => (await phone.start(command).succeeded()).stdout;
  const dig = (...args: string[]): Promise<string> => run('dig', `@${SERVER}`, '+tries=1', '+time=6', ...args);

  it('are told by DHCP, as the configuration says nothing else', () => {
    expect(client.variables('BOUND')).toMatchObject({ dns: SERVER, ntpsrv: SERVER, opt7: 'c0a84d01' });
  });

  describe('syslog', () => {
    it.each(['--rfc3164', '--rfc5424'])('takes what logger sends with %s, and knows whose it is', async (format) => {
      const from = appliance.mark();
      await run('logger', '--server', SERVER, '--udp', '--port', '514', format, '-p', 'local3.warning', '-t', 'sip', `hello ${format}`);
      const line = await appliance.event('syslog.received', { text: `hello ${format}` }, from);
      expect(line).toMatchObject({ name: 'desk-101', mac: PHONE, facility: 'local3', severity: 'warning', tag: 'sip', level: 'info' });
      expect(Math.abs(Number(line['clockOffsetSeconds']))).toBeLessThan(5);
      const file = join(appliance.directory, 'data', 'syslog', 'desk-101.log');
      await eventually(
        'it is in the file of the device',
        () => existsSync(file) && /local3\.warning .*sip: hello --rfc(?:3164|5424)\n$/.test(readFileSync(file, 'utf8')),
      );
    });

    it('takes what a switch sends, and lets nothing in it steer a terminal', async () => {
      const from = appliance.mark();
      const datagram = '<189>45: *Mar  1 00:01:12.345: %SYS-5-CONFIG_I: Configured from \\e[2Jconsole';
      await run('bash', '-c', `printf %b '${datagram}' >/dev/udp/${SERVER}/514`);
      const line = await appliance.event('syslog.received', { tag: '%SYS-5-CONFIG_I' }, from);
      expect(line).toMatchObject({ clockMark: 'never set', text: 'Configured from \\x1b[2Jconsole', severity: 'notice' });
    });
  });

  describe('ntp', () => {
    it('tells chrony the time', async () => {
      // It takes the file away at its end, whatever file that is.
      const pidFile = join(scratch('chrony'), 'chronyd.pid');
      const asked = phone.start(['chronyd', '-Q', '-t', '20', '-u', 'root', `server ${SERVER} iburst`, `pidfile ${pidFile}`, 'cmdport 0']);
      const { output } = await asked.succeeded();
      expect(output).toMatch(/System clock wrong by -?0\.0\d+ seconds \(ignored\)/);
    });

    it('tells ntpdate the time', async () => {
      expect(await run('ntpdate', '-q', SERVER)).toMatch(/[+-]0\.0\d+ .*192\.168\.77\.1 s(?:4|10)/);
    });
  });

  describe('dns', () => {
    it('knows devices by name and by address', async () => {
      expect(await dig('+short', 'desk-101.bench.lan')).toBe('192.168.77.21\n');
      expect(await dig('+short', '-x', '192.168.77.21')).toBe('desk-101.bench.lan.\n');
      expect(await dig('+short', 'pbx.bench.lan')).toBe('192.168.77.5\n');
      expect(await dig('+short', 'files.example.com')).toBe(`${SERVER}\n`);
      expect(await run('host', 'desk-101.bench.lan', SERVER)).toContain('desk-101.bench.lan has address 192.168.77.21');
    });

    it('answers by TCP, without EDNS, and keeps the case of letters', async () => {
      expect(await dig('+tcp', '+short', 'desk-101.bench.lan')).toBe('192.168.77.21\n');
      expect(await dig('+noedns', '+short', 'desk-101.bench.lan')).toBe('192.168.77.21\n');
      expect(await dig('DeSk-101.BENCH.lan')).toMatch(/^DeSk-101\.BENCH\.lan\.\s+60\s+IN\s+A\s+192\.168\.77\.21$/m);
    });

    it('says no in the ways that resolvers understand', async () => {
      const unknown = await dig('nobody.bench.lan');
      expect(unknown).toContain('status: NXDOMAIN');
      expect(unknown).toMatch(/bench\.lan\.\s+10\s+IN\s+SOA\s+bootlace\.bench\.lan\./);
      const v6 = await dig('desk-101.bench.lan', 'AAAA');
      expect(v6).toMatch(/status: NOERROR[\s\S]*ANSWER: 0, AUTHORITY: 1/);
      expect(await dig('bench.lan', 'AXFR')).toContain('Transfer failed');
      expect(await dig('version.bind', 'CH', 'TXT')).toContain('status: REFUSED');
      expect(await dig('+edns=1', '+noednsneg', 'desk-101.bench.lan')).toContain('status: BADVERS');
    });

    it('asks elsewhere for other names, and by TCP for what is too long', async () => {
      expect(await dig('+short', 'www.example.org')).toBe('192.0.2.7\n');
      const cut = await dig('+ignore', '+bufsize=512', 'long.example.net', 'TXT');
      expect(cut).toMatch(/flags: qr [^;]*tc/);
      const whole = await dig('long.example.net', 'TXT');
      expect(whole).toContain('7'.repeat(250));
    });

    it('fails in time when nobody there answers, and goes on', async () => {
      upstream.signal('SIGSTOP');
      expect(await dig('later.example.org')).toContain('status: SERVFAIL');
      await appliance.event('dns.unanswered', { count: 1 });
      upstream.signal('SIGCONT');
      expect(await dig('+short', 'desk-101.bench.lan')).toBe('192.168.77.21\n');
    });

    it('asks for nobody who is on no network of ours', async () => {
      phone.ip('address', 'add', '10.9.9.9/24', 'dev', LAN);
      laptop.ip('route', 'add', '10.9.9.0/24', 'dev', LAN);
      expect(await dig('-b', '10.9.9.9', 'www.example.org')).toContain('status: REFUSED');
      expect(await dig('-b', '10.9.9.9', '+short', 'desk-101.bench.lan')).toBe('192.168.77.21\n');
      phone.ip('address', 'del', '10.9.9.9/24', 'dev', LAN);
    });
  });

  it('are turned off and on by a reload, and say when somebody else has the port', async () => {
    let from = appliance.mark();
    appliance.configure({ ...CONFIG, services: { syslog: 'off' } });
    appliance.hangUp();
    await appliance.event('config.reloaded', {}, from);
    const other = laptop.start([
      process.execPath,
      '-e',
      "require('node:dgram').createSocket('udp4').bind(123, () => console.log('bound'))",
    ]);
    const refused = await phone.start(['dig', `@${SERVER}`, '+tries=1', '+time=2', 'desk-101.bench.lan']).finished();
    expect(refused.output).toMatch(/connection refused|no servers could be reached/);
    from = appliance.mark();
    await other.waitFor(/bound/);
    appliance.configure(CONFIG);
    appliance.hangUp();
    const { why } = await appliance.event('service.unavailable', { service: 'ntp' }, from);
    expect(why).toMatch(/another program serves UDP port 123 .*chrony/);
    await appliance.event('service.ready', { service: 'dns' }, from);
    expect(await dig('+short', 'desk-101.bench.lan')).toBe('192.168.77.21\n');
    const { code, stdout } = await appliance.run('doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`fail {2}UDP port 123, for the time: \\S+ \\(process ${other.pid}\\) has it at all addresses`));
    expect(stdout).toContain(`ok    UDP port 53, for names: held by this server (process ${appliance.pid})`);
    await other.kill();
    expect(readdirSync(join(appliance.directory, 'data', 'syslog'))).toEqual(['desk-101.log']);
  });
});
