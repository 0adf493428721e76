/**
 * The room of the lab: a switch, the laptop with `bootlace up`, and the devices, all of them network namespaces of this machine. Nothing of it touches
 * an interface of the machine, and nothing stays when it is closed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceSummary } from '../../src/devices/api.ts';
import type { Ended, Played } from '../../test/interop/net-programs/simulate-devices.ts';
import type { Section } from '../../test/support/appliance.ts';
import { findTool } from '../../test/support/find-tool.ts';
import { connect, type Namespace } from '../../test/support/netns.ts';
import { type Ending, eventually, type Program, type ProgramOptions } from '../../test/support/program.ts';
import { removeScratch, scratch } from '../../test/support/scratch.ts';
import type { ScreenSize } from '../../test/support/screen.ts';
import { TerminalSession } from '../../test/support/terminal-session.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../../test/support/virtual-switch.ts';
import { Door } from './door.ts';
import { startOnTerminal } from './on-terminal.ts';
import { putRealFiles, switchOn } from './real-machines.ts';
import type { Scenario, Station } from './scenario.ts';
import { type Cast, CONSOLE_PORT, SERVER, writeSite } from './site.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(CHECKOUT, 'bin/bootlace.js');
const PLAYER = join(CHECKOUT, 'test/interop/net-programs/simulate-devices.ts');

/** What a server that is looked at says of where it is. */
const SHOWN_FOLDER = '/srv';
const SHOWN_HOST = 'laptop';

/** The server, however it was started. */
interface Serving {
  readonly ended: Promise<Ending>;
  stop(signal: NodeJS.Signals): Promise<Ending>;
}

/** Programs that are started here know nothing of who called sudo: the server keeps the rights to its scratch directory. */
const NOBODYS = { SUDO_UID: undefined, SUDO_GID: undefined, SUDO_USER: undefined };

export class Room {
  readonly directory = scratch('lab');
  readonly ethernet = new VirtualSwitch();
  readonly laptop = plugLaptop(this.ethernet).laptop;
  readonly cast: Cast;
  readonly #config: string;
  readonly #played: Program[] = [];
  #server: Serving | undefined;
  #door: Door | undefined;

  /** @param log the section of that name of the configuration. */
  constructor(cast: Cast, log: Section = { level: 'info', format: 'json' }) {
    this.cast = cast;
    this.#config = writeSite(this.directory, cast, log);
  }

  /** Starts the server; resolves when it serves. In a session of its own, so that Ctrl-C reaches the lab only, and the lab ends it. */
  async serve(options: ProgramOptions = {}, onOutput: (server: Program) => void = () => undefined): Promise<void> {
    await this.#prepare();
    const server = this.laptop.start(['setsid', ...this.#serveCommand], {
      cwd: this.directory,
      ...options,
      env: { ...NOBODYS, ...options.env },
    });
    this.#server = server;
    server.onChange(() => onOutput(server));
    await server.waitFor(/ready, 1 network/);
  }

  /** Starts the server on the terminal of the lab, which is its own from here on; resolves when its console answers. */
  async serveOnTerminal(): Promise<void> {
    await this.#prepare();
    this.#server = startOnTerminal(['ip', 'netns', 'exec', this.laptop.name, ...this.#serveCommand], this.directory, NOBODYS);
    await this.#answers();
  }

  /**
   * Starts the server in a window of its own of this size, which can be looked at; resolves when its console answers. It is in a folder and on a machine
   * of the same name each time, as both are to be read in the window.
   */
  async serveInWindow(size: ScreenSize): Promise<TerminalSession> {
    await this.#prepare();
    const script = join(this.directory, 'serve.sh');
    const [node, main] = this.#serveCommand;
    const serve = `cd ${SHOWN_FOLDER} && hostname ${SHOWN_HOST} && exec ${node} ${main} up`;
    // The laptop has mounts of its own: `ip netns exec` sees to that.
    writeFileSync(script, `mount --bind ${this.directory} ${SHOWN_FOLDER} && exec unshare --uts sh -c '${serve}'\n`);
    const window = new TerminalSession(this.laptop, ['sh', script], size, { cwd: this.directory, env: NOBODYS });
    this.#server = window.program;
    await this.#answers();
    return window;
  }

  /** Switches all devices on. */
  play(): void {
    const stations = [
      ...this.cast.healthy,
      ...this.cast.scenarios.flatMap((scenario) => [this.#besideRival(scenario), ...(scenario.companions ?? [])]),
    ];
    for (const { stranger } of this.cast.scenarios) if (stranger !== undefined) this.#plugStranger(stranger.mac, stranger.addresses);
    this.#playOnPorts(stations.filter(({ relay }) => relay === undefined));
    for (const station of stations) if (station.relay !== undefined) this.#playBehindRelay(station, station.relay);
    for (const machine of this.cast.real) this.#played.push(switchOn(this.ethernet, machine));
  }

  /** What became of the simulated devices by their own word, as far as they are at their end. */
  ended(): readonly Ended[] {
    return this.#played.flatMap(({ output }) =>
      output
        .split('\n')
        .filter((line) => line.startsWith('{"device"') && line.endsWith('}'))
        .map((line) => JSON.parse(line) as Ended),
    );
  }

  /** What `bootlace devices --json` says now. */
  async devices(): Promise<readonly DeviceSummary[]> {
    const asked = this.laptop.start([process.execPath, MAIN, 'devices', '--json', '--config', this.#config], { cwd: this.directory });
    return JSON.parse((await asked.succeeded()).stdout) as DeviceSummary[];
  }

  /** Leads a port of this machine's loopback to the console; returns its URL. */
  async openDoor(port: number): Promise<string> {
    this.#door ??= await Door.open(this.laptop, this.directory, CONSOLE_PORT, port);
    return this.#door.url;
  }

  get #serveCommand(): readonly [string, ...string[]] {
    return [process.execPath, MAIN, 'up', '--config', this.#config];
  }

  async #prepare(): Promise<void> {
    if (this.cast.real.length > 0) await putRealFiles(join(this.directory, 'boot-images'));
  }

  async #answers(): Promise<void> {
    const door = this.#door ?? (await Door.open(this.laptop, this.directory, CONSOLE_PORT, 0));
    this.#door = door;
    await eventually('the console of the server', () =>
      fetch(door.url).then(
        () => true,
        () => false,
      ),
    );
  }

  /** Resolves when the server ends. */
  async serverEnded(): Promise<Ending | undefined> {
    return await this.#server?.ended;
  }

  /** Ends the server as Ctrl-C would, and takes everything away, whatever happens. Closing twice is allowed. */
  async close(): Promise<void> {
    let ending: Ending | undefined;
    try {
      await this.#door?.close();
      ending = await this.#server?.stop('SIGINT');
    } finally {
      this.#server = undefined;
      this.#door = undefined;
      this.ethernet.close();
      removeScratch();
    }
    if (ending !== undefined && ending.code !== 0) throw new Error(`the server ended with ${ending.signal ?? ending.code}`);
  }

  /** The device beside the other server that it is to meet: it needs no fault then, as that server is quicker. */
  #besideRival(scenario: Scenario): Station {
    const { rival, mac, faults: _saysSo, ...station } = scenario;
    if (rival === undefined || findTool('dnsmasq') === undefined) return scenario;
    const machine = this.ethernet.plug('rival');
    machine.ip('address', 'add', `${rival.address}/24`, 'brd', '+', 'dev', LAN);
    const known = [`--dhcp-host=${mac},${rival.gives}`, '--dhcp-ignore=tag:!known', `--dhcp-range=${rival.gives},static,1h`];
    const own = ['-d', '-C', '/dev/null', '-p', '0', '-u', 'root', '-i', LAN, '-l', join(this.directory, 'rival.leases')];
    this.#played.push(machine.start(['dnsmasq', ...own, '--no-ping', ...known]));
    return { ...station, mac };
  }

  #plugStranger(mac: string, addresses: readonly string[]): void {
    const stranger = this.ethernet.plug('stranger', { mac });
    for (const address of addresses) stranger.ip('address', 'add', `${address}/24`, 'dev', LAN);
  }

  /** Each on an interface of one machine: they speak in whole frames and need no machine of their own. */
  #playOnPorts(stations: readonly Station[]): void {
    if (stations.length === 0) return;
    const devices = this.ethernet.machine('devices');
    const played = stations.map((station, at): Played => {
      const [cable, end] = [`cable${at}`, `sim${at}`];
      connect(this.ethernet.namespace, cable, devices, end);
      const mtu = station.mtu === undefined ? [] : ['mtu', `${station.mtu}`];
      this.ethernet.namespace.ip('link', 'set', cable, ...mtu, 'master', 'br0');
      return playedBy(station, end);
    });
    this.#startPlayer(devices, played);
  }

  #playBehindRelay(station: Station, agent: string): void {
    const machine = this.ethernet.plug('agent');
    machine.ip('address', 'add', `${agent}/24`, 'dev', LAN);
    machine.ip('route', 'add', `${SERVER}/32`, 'dev', LAN);
    this.#startPlayer(machine, [{ ...playedBy(station, LAN), relay: { agent, server: SERVER } }]);
  }

  #startPlayer(where: Namespace, played: readonly Played[]): void {
    this.#played.push(where.start([process.execPath, PLAYER, JSON.stringify(played)]));
  }
}

function playedBy({ device, mac, faults, afterMs, times }: Station, on: string): Played {
  return {
    device,
    mac,
    interface: on,
    ...(faults !== undefined && { faults }),
    ...(afterMs !== undefined && { afterMs }),
    ...(times !== undefined && { times }),
  };
}
