/** Files that are made for phones, as TFTP and HTTP clients get them: each its own, and a saved inventory at once. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import { Udhcpc } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import { scratch } from '../support/scratch.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const DESK = { mac: '00:1b:54:aa:bb:cc', file: 'SEP001B54AABBCC.cnf.xml' };
const HALL = { mac: '00:1b:54:aa:bb:cd', file: 'SEP001B54AABBCD.cnf.xml' };
const LATE = { mac: '00:1b:54:aa:bb:ce', file: 'SEP001B54AABBCE.cnf.xml' };

const TEMPLATE = `---
answers: SEP{MAC}.cnf.xml
defaults: { transport: udp }
---
<device><name>{{ device.name }}</name><label>{{ vars.label }}</label><pin>{{ vars.pin }}</pin><url>{{ httpUrl }}</url></device>
`;

const CSV = `mac,name,profile,address,label,pin
${DESK.mac},desk-101,phone,192.168.77.21,Tom & Jerry,4711
${HALL.mac},hall,phone,,Hall,4712
`;

const deskText = (label: string): string =>
  `<device><name>desk-101</name><label>${label}</label><pin>4711</pin><url>http://${SERVER}:8080</url></device>\n`;

describeWith(['busybox', 'curl', 'tftp'], 'Files made for phones', () => {
  let ethernet: VirtualSwitch;
  let appliance: Appliance;
  const phones = new Map<string, Namespace>();
  const clients: Udhcpc[] = [];

  function put(path: string, text: string): void {
    const file = join(appliance.directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    appliance = new Appliance(plugLaptop(ethernet).laptop, { networks: [bench()], inventory: './phones.csv' });
    put('templates/phone/sep.liquid', TEMPLATE);
    put('phones.csv', CSV);
    await appliance.start();
    for (const { mac } of [DESK, HALL, LATE]) {
      const machine = ethernet.plug('phone', { mac });
      phones.set(mac, machine);
      const client = new Udhcpc(machine);
      clients.push(client);
      client.start();
      await appliance.event('lease.bound', { mac });
      // The script of the client has put the address on.
      await machine.start(['sh', '-c', 'until ip -4 -o address show lan0 | grep -q 192.168.77; do sleep 0.1; done']).succeeded();
    }
  });

  afterAll(async () => {
    for (const client of clients) await client.vanish();
    await appliance.stop();
    leaveNothing(ethernet);
  });

  const machineOf = (mac: string): Namespace => phones.get(mac) as Namespace;

  /** What tftp-hpa gets, or what it says. */
  async function byTftp(mac: string, file: string): Promise<string> {
    const local = join(scratch('fetched'), 'file');
    writeFileSync(local, '');
    const { output } = await machineOf(mac).start(['tftp', '-m', 'binary', SERVER, '-c', 'get', file, local]).finished();
    return readFileSync(local, 'utf8') || output;
  }

  /** What curl gets, with the status behind it. */
  async function byHttp(mac: string, file: string): Promise<string> {
    const { stdout } = await machineOf(mac)
      .start(['curl', '-sS', '-w', '%{http_code}', `http://${SERVER}:8080/${file}`])
      .finished();
    return stdout;
  }

  it('go to the device that they are for, with its reserved address', async () => {
    expect(await byTftp(DESK.mac, DESK.file)).toBe(deskText('Tom &amp; Jerry'));
    expect(await byTftp(DESK.mac, DESK.file.toLowerCase())).toBe(deskText('Tom &amp; Jerry'));
    expect(await byHttp(DESK.mac, DESK.file)).toBe(`${deskText('Tom &amp; Jerry')}200`);
    const done = await appliance.event('transfer.done', { path: DESK.file, name: 'desk-101' });
    expect(done).toMatchObject({ address: '192.168.77.21', madeFrom: 'the template phone/sep.liquid' });
  });

  it('go to nobody else, and the log says why', async () => {
    const from = appliance.mark();
    expect(await byTftp(HALL.mac, DESK.file)).toContain('Access violation');
    expect(await byHttp(HALL.mac, DESK.file)).toMatch(/403$/);
    const refused = await appliance.event('transfer.refused', { path: DESK.file, mac: HALL.mac }, from);
    expect(refused['reason']).toContain(`the file is for desk-101, ${DESK.mac} alone, and the address that asks is leased to ${HALL.mac}`);
  });

  it('are not made for a device that nobody wrote down, until it is adopted', async () => {
    const from = appliance.mark();
    expect(await byTftp(LATE.mac, LATE.file)).toContain('File not found');
    const missed = await appliance.event('transfer.missed', { path: LATE.file }, from);
    expect(missed['lookedFor']).toContain(
      `${LATE.mac} is seen but in no inventory: bootlace devices adopt ${LATE.mac} --profile phone --name …`,
    );
    expect((await appliance.run('devices', 'unknown')).stdout).toContain(LATE.mac);

    const adopted = await appliance.run(
      'devices',
      'adopt',
      LATE.mac,
      '--name',
      'late',
      '--profile',
      'phone',
      '--var',
      'label=L',
      '--var',
      'pin=1',
    );
    expect(adopted.code, adopted.output).toBe(0);
    await appliance.event('config.changed', { change: 'host late is new' }, from);
    await appliance.event('config.reloaded', {}, from);
    expect(await byTftp(LATE.mac, LATE.file)).toContain('<name>late</name><label>L</label>');
    expect((await appliance.run('devices', 'unknown')).stdout).not.toContain(LATE.mac);
  });

  it('follow the inventory and the template as soon as they are saved; a line with a fault is told of and left out', async () => {
    const from = appliance.mark();
    put('phones.csv', `${CSV.replace('Tom & Jerry', 'Reception')}no-mac,broken,phone,,x,1\n`);
    await appliance.event('config.changed', { change: 'host desk-101: vars.label Tom & Jerry → Reception' }, from);
    await appliance.event('config.reloaded', {}, from);
    const warnings = appliance.events('config.warning', {}, from).map(({ where }) => String(where));
    expect(warnings.filter((where) => /phones\.csv:4:1$/.test(where))).toHaveLength(1);
    expect(await byTftp(DESK.mac, DESK.file)).toBe(deskText('Reception'));

    const next = appliance.mark();
    put('templates/phone/sep.liquid', TEMPLATE.replace('<label>', '<label> '));
    await appliance.event('config.changed', { change: 'template phone/sep.liquid is another text' }, next);
    await appliance.event('config.reloaded', {}, next);
    expect(await byTftp(DESK.mac, DESK.file)).toBe(deskText(' Reception'));
  });

  it('are refused as a whole where a variable is missing, with its line', async () => {
    const from = appliance.mark();
    put('phones.csv', CSV.replace(',4711', ','));
    await appliance.event('config.changed', { change: 'host desk-101: vars.pin is gone' }, from);
    await appliance.event('config.reloaded', {}, from);
    expect(await byHttp(DESK.mac, DESK.file)).toMatch(/503$/);
    const refused = await appliance.event('transfer.refused', { path: DESK.file }, from);
    expect(refused['reason']).toMatch(/templates\/phone\/sep\.liquid:5: the variable vars\.pin is not known; the file is for desk-101/);
  });

  it('never bring a secret into the log', () => {
    expect(appliance.log.filter((line) => /4711|4712/.test(JSON.stringify(line)))).toEqual([]);
  });
});
