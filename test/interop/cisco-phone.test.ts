/** What a Cisco IP phone does when it gets power: an address, the TFTP server by options 66 and 150, its configuration file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import { Dhclient, type DhcpClient, Udhcpc } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import { eventually } from '../support/program.ts';
import { scratch } from '../support/scratch.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const VENDOR_CLASS = 'Cisco Systems, Inc. IP Phone CP-7962G';
const MAC = '00:1b:54:aa:bb:cc';
/** Phones ask for it in upper case. */
const FILE = 'SEP001B54AABBCC.cnf.xml';
const CONTENT = '<device><deviceProtocol>SIP</deviceProtocol></device>\n';

describeWith(['dhclient', 'busybox'], 'a Cisco phone', () => {
  let ethernet: VirtualSwitch;
  let appliance: Appliance;
  let phone: Namespace;

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    appliance = new Appliance(plugLaptop(ethernet).laptop, { networks: [bench()] });
    appliance.offer(FILE, CONTENT);
    await appliance.start();
    phone = ethernet.plug('phone', { mac: MAC });
  });

  afterAll(async () => {
    await appliance?.stop();
    leaveNothing(ethernet);
  });

  it('is told the TFTP server by option 66 and by option 150, and fetches its own file there', async () => {
    const client = new Udhcpc(phone);
    client.start({ vendorClass: VENDOR_CLASS, ask: [66, 150] });
    await boundOn(client);
    const { tftp, opt150 } = client.variables('BOUND');
    expect(tftp).toBe(SERVER);
    expect(opt150).toBe('c0a84d01');

    const local = join(scratch('phone'), FILE);
    await phone.start(['busybox', 'tftp', '-g', '-r', FILE, '-l', local, SERVER]).succeeded();
    expect(readFileSync(local, 'utf8')).toBe(CONTENT);
    // The line about the file names the phone, though TFTP knows nothing but an address.
    const done = await appliance.event('transfer.done', { path: FILE });
    expect(done).toMatchObject({ mac: MAC, octets: CONTENT.length });
    expect(done['vendor']).toMatch(/Cisco/);
    await client.release();
  });

  it('is told the same in the way another client asks', async () => {
    const client = new Dhclient(phone);
    client.start({ vendorClass: VENDOR_CLASS, ask: [150] });
    await boundOn(client);
    const variables = client.variables('BOUND');
    expect(variables['new_tftp_server_name']).toBe(SERVER);
    expect(variables['new_asked_150']).toMatch(/^c0:a8:4d:0?1$/);
    await client.release();
  });
});

/** The files that it asks for one after another, and whether it gets them. */
const DIALOGUE: readonly (readonly [name: string, isThere: boolean])[] = [
  ['CTLSEP001B54AABBCC.tlv', false],
  ['ITLSEP001B54AABBCC.tlv', false],
  ['ITLFile.tlv', false],
  [FILE, true],
  ['dialplan.xml', true],
  ['SIP42.9-4-2SR3-1S.loads', false],
];

describeWith(['busybox'], 'a Cisco phone that provisions itself', () => {
  let ethernet: VirtualSwitch;
  let appliance: Appliance;
  let phone: Namespace;

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    const vars = { extension: 101, password: 'p<1>', sipServer: SERVER, firmware: 'SIP42.9-4-2SR3-1S' };
    const hosts = [{ mac: MAC, name: 'desk-101', address: '192.168.77.21', profile: 'cisco-sip', vars }];
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the configuration names its own address
    appliance = new Appliance(plugLaptop(ethernet).laptop, { networks: [bench()], hosts, boot: { files: {} }, provision: '${server}' });
    await appliance.start();
    phone = ethernet.plug('phone', { mac: MAC });
  });

  afterAll(async () => {
    await appliance?.stop();
    leaveNothing(ethernet);
  });

  it('is told its server, gets a file that was made for it, and the log follows it to the firmware that is not there', async () => {
    const client = new Udhcpc(phone);
    client.start({ vendorClass: VENDOR_CLASS, ask: [66, 150] });
    await boundOn(client);
    expect(client.variables('BOUND')).toMatchObject({ tftp: SERVER, opt150: 'c0a84d01' });
    expect((await appliance.event('dhcp.offered', { mac: MAC }))['why']).toContain('Cisco IP phone (SIP) CP-7962G');

    const folder = scratch('phone-files');
    for (const [name, isThere] of DIALOGUE) {
      const local = join(folder, name);
      const { code } = await phone.start(['busybox', 'tftp', '-g', '-r', name, '-l', local, SERVER]).ended;
      expect([name, code === 0]).toEqual([name, isThere]);
    }
    expect(readFileSync(join(folder, FILE), 'utf8')).toContain('<authPassword>p&lt;1&gt;</authPassword>');

    const incomplete = await appliance.event('provisioning.incomplete', { mac: MAC });
    expect(incomplete).toMatchObject({ level: 'warn', path: FILE, missing: ['firmware SIP42.9-4-2SR3-1S.loads'], name: 'desk-101' });
    const last = await appliance.event('provisioning.followed', { mac: MAC, level: 'warn' });
    expect(last).toMatchObject({ family: 'Cisco IP phone (SIP)', profile: 'cisco-sip', model: 'CP-7962G' });
    expect(last['steps']).toEqual([
      'CTL, ITL, ITL of all not there (normal)',
      'configuration, dial plan sent',
      'firmware SIP42.9-4-2SR3-1S.loads not there',
    ]);
    expect(last['advice']).toContain('put the firmware into the TFTP root');
    await client.release();
  });
});

async function boundOn(client: DhcpClient): Promise<void> {
  await eventually('an address on the phone', () => client.addresses.length > 0);
}
