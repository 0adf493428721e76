/** Images of firmware as real clients meet them: for their model, with the right digest, and named once. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import { type ClientOptions, Udhcpc } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import { eventually } from '../support/program.ts';
import { scratch } from '../support/scratch.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

type Command = readonly [string, ...string[]];

const IMAGE = 'images/cat9k.bin';
const CONTENT = randomBytes(300_000);
const BROKEN = 'images/broken.bin';
const FOR_PHONES = 'images/sip88xx.loads';

const CATALYST = '02:00:00:00:00:01';
const OLD_SWITCH = '02:00:00:00:00:02';
const SECOND_CATALYST = '02:00:00:00:00:03';

function digest(algorithm: 'sha256' | 'md5', content: Uint8Array): string {
  return createHash(algorithm).update(content).digest('hex');
}

const CONFIG = {
  networks: [bench({ options: { bootFile: IMAGE, vendor: { 0: IMAGE, 1: 'configs/any.conf' } } })],
  hosts: [
    { mac: CATALYST, name: 'catalyst', model: 'C9300-24T' },
    { mac: SECOND_CATALYST, name: 'catalyst2', model: 'c9300x-48hx' },
    { mac: OLD_SWITCH, name: 'old-switch', model: 'WS-C2960X-24' },
  ],
  images: [
    { file: IMAGE, model: ['C9300*', 'C9200*'], version: '17.9.4a', sha256: digest('sha256', CONTENT), md5: digest('md5', CONTENT) },
    { file: BROKEN, model: 'C9300*', sha256: digest('sha256', Buffer.from('another')) },
    { file: FOR_PHONES, model: 'CP-88*' },
  ],
  http: { port: 8080 },
};

const CLIENTS: readonly { readonly name: string; get(file: string, local: string): Command }[] = [
  { name: 'tftp-hpa', get: (file, local) => ['tftp', '-m', 'binary', SERVER, '-c', 'get', file, local] },
  { name: 'atftp', get: (file, local) => ['atftp', '-g', '-r', file, '-l', local, SERVER] },
  { name: 'curl', get: (file, local) => ['curl', '-sS', '-o', local, `tftp://${SERVER}/${file}`] },
  { name: 'busybox', get: (file, local) => ['busybox', 'tftp', '-g', '-r', file, '-l', local, SERVER] },
  { name: 'curl by HTTP', get: (file, local) => ['curl', '-sSf', '-o', local, `http://${SERVER}:8080/${file}`] },
];

describeWith(['tftp', 'atftp', 'curl', 'busybox'], 'Images of firmware', () => {
  let ethernet: VirtualSwitch;
  let appliance: Appliance;
  let catalyst: Namespace;
  let oldSwitch: Namespace;
  let phone: Namespace;

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    appliance = new Appliance(plugLaptop(ethernet).laptop, CONFIG);
    for (const [file, content] of [
      [IMAGE, CONTENT],
      [BROKEN, Buffer.from('cut off on its way here')],
      [FOR_PHONES, Buffer.from('for phones')],
    ] as const) {
      appliance.offer(file, content);
      // What was changed a moment ago may be on its way still.
      utimesSync(join(appliance.tftpRoot, file), new Date(), new Date(Date.now() - 60_000));
    }
    catalyst = ethernet.plug('catalyst', { mac: CATALYST });
    oldSwitch = ethernet.plug('old', { mac: OLD_SWITCH });
    phone = ethernet.plug('phone');
    await appliance.start();
    await appliance.event('image.checked', { file: IMAGE });
    await lease(oldSwitch);
    await lease(phone, { vendorClass: 'Cisco Systems, Inc. IP Phone CP-7962G' });
  });

  afterAll(async () => {
    await appliance?.stop();
    leaveNothing(ethernet);
  });

  /** The machine gets an address, which it keeps; what it was told with it. */
  async function lease(machine: Namespace, options: ClientOptions = {}): Promise<Readonly<Record<string, string>>> {
    const client = new Udhcpc(machine);
    client.start({ ask: [43, 67], ...options });
    const told = await eventually('what the client was told', () => {
      try {
        const variables = client.variables('BOUND');
        return variables['siaddr'] !== undefined && variables;
      } catch {
        return undefined;
      }
    });
    return told;
  }

  async function fetch(machine: Namespace, command: (local: string) => Command): Promise<{ code: number | null; local: string }> {
    const local = join(scratch('fetched'), 'file');
    const { code } = await machine.start(command(local)).finished();
    return { code, local };
  }

  const curl =
    (file: string) =>
    (local: string): Command => ['curl', '-sS', '-o', local, `tftp://${SERVER}/${file}`];

  describe.each(CLIENTS)('by $name', ({ name, get }) => {
    it('are refused to a device of another model, with the reason in the log', async () => {
      const from = appliance.mark();
      const { local } = await fetch(oldSwitch, (to) => get(IMAGE, to));
      const refused = await appliance.event('transfer.refused', { mac: OLD_SWITCH }, from);
      expect(refused['reason']).toBe('the file is for C9300*, C9200*, and this is a WS-C2960X-24 (images)');
      expect(appliance.events('transfer.started', { mac: OLD_SWITCH }, from)).toEqual([]);
      expect(() => readFileSync(local).equals(CONTENT), `${name} has nothing, or an empty file`).not.toBe(true);
    });

    it('are given where nobody knows the model', async () => {
      const stranger = ethernet.plug(`stranger-${name.replaceAll(' ', '-')}`.slice(0, 12));
      stranger.ip('address', 'add', `192.168.77.${20 + CLIENTS.findIndex((one) => one.name === name)}/24`, 'dev', 'lan0');
      const { local } = await fetch(stranger, (to) => get(IMAGE, to));
      expect(readFileSync(local).equals(CONTENT)).toBe(true);
    });
  });

  it('are refused by the model that a phone says of itself in DHCP', async () => {
    const from = appliance.mark();
    const { code } = await fetch(phone, curl(FOR_PHONES));
    expect(code, 'curl: access violation').toBe(69);
    const refused = await appliance.event('transfer.refused', { path: FOR_PHONES }, from);
    expect(refused['reason']).toBe('the file is for CP-88*, and this is a CP-7962G (images)');
  });

  it('with a wrong digest are given to nobody, and named as that', async () => {
    const wrong = await appliance.event('image.wrong', { file: BROKEN });
    expect(wrong.level).toBe('warn');
    const from = appliance.mark();
    expect((await fetch(phone, curl(BROKEN))).code, 'curl: access violation').toBe(69);
    expect((await appliance.event('transfer.refused', { path: BROKEN }, from))['reason']).toMatch(/^the file is not what it should be/);
    const listed = await appliance.run('images', 'firmware');
    expect(listed.code).toBe(1);
    expect(listed.stdout).toMatch(/images\/broken\.bin +C9300\* +23 B +WRONG SHA-256: given to nobody/);
    expect(listed.stdout).toMatch(/images\/cat9k\.bin +C9300\*, C9200\* +17\.9\.4a +293 KiB +there, SHA-256 and MD5 as expected/);
    expect(listed.stdout).toContain(`SHA-256 ${digest('sha256', CONTENT)}\n`);
    const checked = await appliance.run('check');
    expect(checked.code).toBe(0);
    expect(checked.output).toContain(`warning: image ${BROKEN} is given to nobody: its SHA-256 is `);
  });

  it('that are put right are given within seconds, without a restart', { timeout: 60_000 }, async () => {
    const from = appliance.mark();
    appliance.offer(BROKEN, 'another');
    await appliance.event('image.checked', { file: BROKEN }, from, 40_000);
    const late = ethernet.plug('late');
    late.ip('address', 'add', '192.168.77.40/24', 'dev', 'lan0');
    expect(readFileSync((await fetch(late, curl(BROKEN))).local, 'utf8')).toBe('another');
    await fetch(phone, curl(BROKEN));
    expect((await appliance.event('transfer.refused', { path: BROKEN }, from))['reason']).toMatch(/^the file is for C9300\*/);
  });

  it('are not named by DHCP to a device of another model; the other options are', async () => {
    const told = await lease(oldSwitch);
    expect(told['bootfile']).toBeUndefined();
    expect(told['opt43']).toBe(`0110${Buffer.from('configs/any.conf').toString('hex')}`);
  });

  it('are named by DHCP until the device has one, and after a restart of the server neither; by its name it gets it', {
    timeout: 120_000,
  }, async () => {
    expect((await lease(catalyst))['bootfile']).toBe(IMAGE);
    const from = appliance.mark();
    expect(readFileSync((await fetch(catalyst, curl(IMAGE))).local).equals(CONTENT)).toBe(true);
    await appliance.event('image.taken', { mac: CATALYST, file: IMAGE, seconds: 3600 }, from);
    for (const restart of [false, true]) {
      if (restart) {
        await appliance.stop();
        await appliance.start();
      }
      const again = appliance.mark();
      const told = await lease(catalyst);
      expect(told['bootfile']).toBeUndefined();
      expect(told['opt43']).toBe(`0110${Buffer.from('configs/any.conf').toString('hex')}`);
      const offered = await appliance.event('dhcp.offered', { mac: CATALYST }, again);
      expect(offered['why']).toMatch(/; images\/cat9k\.bin was fetched by it at 20\d\d-.*Z, and is named again from 20\d\d-.*Z on$/);
      // `copy tftp: flash:` once more is the operator's own affair.
      expect(readFileSync((await fetch(catalyst, curl(IMAGE))).local).equals(CONTENT)).toBe(true);
    }
    const other = ethernet.plug('catalyst2', { mac: SECOND_CATALYST });
    expect((await lease(other))['bootfile'], 'another device of the model').toBe(IMAGE);
  });
});
