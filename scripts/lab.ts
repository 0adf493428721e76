/**
 * `npm run lab`: Bootlace on a virtual switch, for a person without a switch at hand. The laptop, the switch and the devices
 * are network namespaces of this machine; nothing of it leaves them, and nothing of it stays.
 */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { Dhclient, type DhcpClient, Udhcpc } from '../test/support/dhcp-clients.ts';
import { findTool } from '../test/support/find-tool.ts';
import type { Namespace } from '../test/support/netns.ts';
import { eventually, type Program } from '../test/support/program.ts';
import { removeScratch, scratch } from '../test/support/scratch.ts';
import { plugLaptop, VirtualSwitch } from '../test/support/virtual-switch.ts';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(CHECKOUT, 'src/cli/main.ts');
const SERVER = '192.168.77.1';
const PHONE = { mac: '00:1b:54:aa:bb:cc', file: 'SEP001B54AABBCC.cnf.xml', class: 'Cisco Systems, Inc. IP Phone CP-7962G' };
const hasColour = process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '';

/** Where the lab cannot run, and what to do about it; undefined where it can. */
function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'The lab is made of network namespaces, which only Linux has.';
  if (process.getuid?.() !== 0) return 'The lab makes network namespaces, which needs root: sudo npm run lab';
  if (findTool('ip') === undefined) return 'The lab needs the program `ip`: apt-get install iproute2';
  if (findTool('setsid') === undefined) return 'The lab needs the program `setsid`: apt-get install util-linux';
  if (dhcpClient() === undefined) return 'The lab needs a DHCP client. The smallest that will do is busybox: apt-get install busybox';
  if (tftpClient() === undefined) return 'The lab needs a TFTP client. The smallest that will do is busybox: apt-get install busybox';
  return undefined;
}

function dhcpClient(): ((machine: Namespace) => DhcpClient) | undefined {
  if (findTool('busybox') !== undefined) return (machine) => new Udhcpc(machine);
  return findTool('dhclient') === undefined ? undefined : (machine) => new Dhclient(machine);
}

/** Command lines that fetch a file, and put one, with whichever client is there. */
function tftpClient(): { get(remote: string, local: string): Command; put(local: string, remote: string): Command } | undefined {
  if (findTool('curl') !== undefined) {
    return {
      get: (remote, local) => ['curl', '-sS', '-o', local, `tftp://${SERVER}/${remote}`],
      put: (local, remote) => ['curl', '-sS', '-T', local, `tftp://${SERVER}/${remote}`],
    };
  }
  if (findTool('busybox') === undefined) return undefined;
  return {
    get: (remote, local) => ['busybox', 'tftp', '-g', '-r', remote, '-l', local, SERVER],
    put: (local, remote) => ['busybox', 'tftp', '-p', '-l', local, '-r', remote, SERVER],
  };
}

type Command = readonly [string, ...string[]];

class Lab {
  readonly #ethernet = new VirtualSwitch();
  readonly #laptop = plugLaptop(this.#ethernet).laptop;
  readonly #directory = scratch('lab');
  #server: Program | undefined;
  #shown = 0;

  /** The whole story; resolves when every device has what it came for. */
  async tell(): Promise<void> {
    this.#chapter('A switch without a configuration, and a laptop with one cable in it and its Wi-Fi in the rest of the world.');
    await this.#startServer();

    this.#chapter('A PC is plugged in. Its network card asks for an address and for something to boot.');
    const pc = this.#ethernet.plug('pc');
    const { boot_file, bootfile, new_filename, new_bootfile_name } = await this.#boots('pc', pc, {
      vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
      architecture: 0,
    });
    const file = boot_file ?? bootfile ?? new_filename ?? new_bootfile_name ?? 'pxelinux.0';
    await this.#fetches('pc', pc, file);

    this.#chapter('A Cisco phone gets power. It wants an address, its TFTP server (options 66 and 150) and its configuration.');
    const phone = this.#ethernet.plug('phone', { mac: PHONE.mac });
    await this.#boots('phone', phone, { vendorClass: PHONE.class, ask: [66, 150] });
    const fetched = await this.#fetches('phone', phone, PHONE.file);
    console.log(`${says('phone')}${readFileSync(fetched, 'utf8').trimEnd()}`);

    this.#chapter('A network switch saves its configuration: copy running-config tftp:');
    const gear = this.#ethernet.plug('gear');
    await this.#boots('gear', gear, {});
    const config = join(this.#directory, 'running-config');
    writeFileSync(config, 'hostname access-1\n');
    await this.#runs('gear', gear, tftpClient()?.put(config, 'running-config'));
    await this.#settled();
  }

  /** Plays devices of `bootlace simulate` on the switch, one after another. */
  async plays(names: readonly string[]): Promise<void> {
    this.#chapter('More devices are plugged in. These are simulated: bootlace simulate --list');
    for (const name of names) {
      // The name of a namespace has room for the first letters of it.
      const machine = this.#ethernet.plug(name.slice(0, 12));
      const played = await machine.start([process.execPath, MAIN, 'simulate', name, '--interface', 'lan0']).finished();
      await this.#settled();
      for (const line of played.output.trimEnd().split('\n').slice(-1)) console.log(`${says('device')}${line}`);
    }
  }

  /** Says how to look around, and waits for the end of the server. */
  async keep(): Promise<void> {
    this.#chapter('The lab keeps running. In another terminal, as root:');
    for (const name of this.#ethernet.machineNames()) console.log(`  ip netns exec ${name} sh`);
    console.log(`  cat ${this.#directory}/config.yaml\nCtrl-C ends it.`);
    await this.#server?.ended;
  }

  /** Ends the server as Ctrl-C would, and takes everything away. */
  async close(): Promise<void> {
    const ending = await this.#server?.stop('SIGINT');
    this.#ethernet.close();
    removeScratch();
    if (ending !== undefined && ending.code !== 0) throw new Error(`the server ended with ${ending.signal ?? ending.code}`);
  }

  async #startServer(): Promise<void> {
    const root = join(this.#directory, 'boot-images');
    cpSync(join(CHECKOUT, 'boot-images'), root, { recursive: true });
    if (!existsSync(join(root, 'pxelinux.0'))) {
      console.log('(boot-images/ has no boot programs yet, so a stand-in takes the place of pxelinux.0; npx bootlace images fetch)');
      writeFileSync(join(root, 'pxelinux.0'), 'a stand-in for PXELINUX');
    }
    writeFileSync(join(root, PHONE.file), '<device><deviceProtocol>SIP</deviceProtocol><phoneLabel>Desk 101</phoneLabel></device>\n');
    const config = {
      server: { dataDir: './data' },
      networks: [{ name: 'lab', interface: 'auto', address: `${SERVER}/24`, assign: true, options: { domainName: 'lab.test' } }],
      hosts: [{ mac: PHONE.mac, name: 'desk-101', address: '192.168.77.21' }],
      boot: { files: { bios: 'pxelinux.0' } },
      tftp: { root: './boot-images', uploads: { dir: './data/uploads' } },
      log: { level: 'info', format: 'pretty' },
    };
    writeFileSync(join(this.#directory, 'config.yaml'), stringify(config));
    // In a session of its own, so that Ctrl-C reaches the lab only, and the lab ends the server.
    const command = ['setsid', process.execPath, MAIN, 'up', '--config', join(this.#directory, 'config.yaml')];
    const server = this.#laptop.start(command as [string, ...string[]], {
      cwd: this.#directory,
      coloured: true,
      env: hasColour ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' },
    });
    server.onChange(() => this.#show(server));
    this.#server = server;
    await server.waitFor(/ready, 1 network/);
  }

  /** Runs a DHCP client until its machine has an address; resolves with what the client was told. */
  async #boots(
    name: string,
    machine: Namespace,
    options: { vendorClass?: string; ask?: number[]; architecture?: number },
  ): Promise<Readonly<Record<string, string>>> {
    const client = dhcpClient()?.(machine);
    if (client === undefined) throw new Error('there is no DHCP client');
    const program = client.start(options);
    const [address] = await eventually(`an address on ${name}`, () => client.addresses.length > 0 && client.addresses);
    await this.#settled();
    console.log(`${says(name)}${program.commandLine.split(' ').slice(4, 6).join(' ')}: this machine is ${address} now`);
    return client.variables('BOUND');
  }

  async #fetches(name: string, machine: Namespace, remote: string): Promise<string> {
    const local = join(scratch(name), 'fetched');
    await this.#runs(name, machine, tftpClient()?.get(remote, local));
    return local;
  }

  async #runs(name: string, machine: Namespace, command: Command | undefined): Promise<void> {
    if (command === undefined) throw new Error('there is no TFTP client');
    console.log(`${says(name)}$ ${command.join(' ')}`);
    await machine.start(command).succeeded();
    await this.#settled();
  }

  /** Waits until the server has said what it has to say, so that the story is told in order. */
  async #settled(): Promise<void> {
    const before = this.#shown;
    await new Promise((resolve) => setTimeout(resolve, 250));
    if (this.#shown !== before) await this.#settled();
  }

  #chapter(text: string): void {
    console.log(hasColour ? `\n\x1b[1m${text}\x1b[0m` : `\n${text}`);
  }

  #show(server: Program): void {
    const end = server.output.lastIndexOf('\n') + 1;
    const lines = server.output.slice(this.#shown, end).split('\n').slice(0, -1);
    this.#shown = Math.max(this.#shown, end);
    for (const line of lines) console.log(`${says('bootlace')}${line}`);
  }
}

/** Who speaks, at the beginning of a line. */
function says(who: string): string {
  const label = `${who.padStart(9)} │ `;
  return hasColour ? `\x1b[2m${label}\x1b[0m` : label;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      keep: { type: 'boolean', default: false },
      devices: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log('npm run lab [-- --keep] [--devices NAME,NAME]   Bootlace on a virtual switch (Linux, root)');
    console.log('  --keep leaves it running until Ctrl-C; --devices plays devices of `bootlace simulate --list` after the story');
    return 0;
  }
  const reason = whyNot();
  if (reason !== undefined) {
    console.error(reason);
    return 1;
  }
  const lab = new Lab();
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('interrupted'));
  });
  try {
    const story = lab.tell().then(async () => {
      if (values.devices !== undefined) await lab.plays(values.devices.split(','));
      if (values.keep) await lab.keep();
    });
    await Promise.race([story, interrupted]);
  } finally {
    await lab.close();
  }
  console.log('\nThe laptop, the switch and the devices are gone; nothing was left behind.');
  return 0;
}

process.exitCode = await main().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault);
  return 1;
});
