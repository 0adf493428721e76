/** The console over a site of its own on the disk: a configuration, files in the root, and what the server would know of its devices. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseIpv4, parseMac } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/result.ts';
import type { BootChoice } from '../../src/boot/boot-choices.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { EventBus } from '../../src/events/bus.ts';
import type { AppEvent, Subject } from '../../src/events/events.ts';
import type { NetworkHost } from '../../src/net/choose-host.ts';
import { DeviceDirectory } from '../../src/observe/directory.ts';
import { type DeskParts, deskSources } from '../../src/server/console/desk-sources.ts';
import type { ConsoleSourceParts } from '../../src/server/console-sources.ts';
import { systemClock } from '../../src/server/system-clock.ts';
import { ConsoleBench, sourcesWith } from './console-bench.ts';
import { scratch } from './scratch.ts';

export interface DeskSite {
  /** Text of `config.yaml`; `tftp.root` is `root` beside it. */
  readonly config?: string;
  /** By their paths beside the configuration. */
  readonly files?: Readonly<Record<string, string>>;
  /** Devices that were seen. */
  readonly seen?: readonly { readonly mac: string; readonly address?: string; readonly name?: string; readonly told?: Subject }[];
  readonly env?: Readonly<Record<string, string>>;
}

export const NETWORK = `networks:
  - name: bench
    interface: eth1
    address: 192.168.77.1/24
tftp: { root: ./root }
`;

export class DeskBench {
  readonly dir: string;
  readonly console: ConsoleBench;
  readonly events: AppEvent[];
  /** What was chosen by `bootlace boot` or the console. */
  readonly choices: BootChoice[];

  private constructor(dir: string, console: ConsoleBench, events: AppEvent[], choices: BootChoice[]) {
    this.dir = dir;
    this.console = console;
    this.events = events;
    this.choices = choices;
  }

  static async open({ config: text = NETWORK, files = {}, seen = [], env = {} }: DeskSite = {}): Promise<DeskBench> {
    const dir = scratch('desk');
    mkdirSync(join(dir, 'root'));
    for (const [path, content] of Object.entries({ ...files, 'config.yaml': text })) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), content);
    }
    let config = await read(dir, env);
    const events: AppEvent[] = [];
    const choices: BootChoice[] = [];
    const bus = new EventBus((fault) => {
      throw fault;
    });
    bus.listen((event) => void events.push(event));
    const directory = new DeviceDirectory();
    for (const { mac, address, name, told } of seen) {
      const subject = { mac: parseMac(mac), address: address === undefined ? undefined : parseIpv4(address), hostName: name, ...told };
      directory.listener({ type: 'lease.bound', network: 'bench', leaseSeconds: 60, how: 'new', ...subject });
    }
    const book: Pick<ConsoleSourceParts['book'], 'list'> = {
      list: () => seen.map(({ mac, address, name }) => ({ id: mac, mac: parseMac(mac), address, name }) as never),
    };
    const parts = {
      bus,
      clock: systemClock,
      directory,
      env,
      host: { interfaces: { list: () => [] }, sockets: {} } as unknown as NetworkHost,
      config: () => config,
      reload: async () => {
        const outcome = await loadConfig(join(dir, 'config.yaml'), env);
        if (outcome.config === undefined) return { ok: false, reasons: outcome.diagnostics.map(({ message }) => message), diagnostics: [] };
        config = outcome.config;
        return { ok: true, changes: ['something'], diagnostics: [] };
      },
      served: () => [],
      choices: {
        all: choices,
        choose: async (choice: BootChoice) => void choices.push(choice),
        clear: async (mac: string) =>
          choices.splice(0, choices.length, ...choices.filter((one) => one.mac !== mac)).length > choices.length,
      },
      book,
      vendorOf: () => 'Maker',
    };
    const desk = await ConsoleBench.open({ api: sourcesWith(deskSources(parts as unknown as DeskParts)) });
    return new DeskBench(dir, desk, events, choices);
  }

  /** The answer's JSON, and its status. */
  async get(path: string): Promise<{ readonly status: number; readonly json: never }> {
    const { status, text } = await this.console.ask(`/api/v1${path}`);
    return { status, json: JSON.parse(text) as never };
  }

  close(): Promise<void> {
    return this.console.close();
  }
}

async function read(dir: string, env: Readonly<Record<string, string>>): Promise<Config> {
  const { config, diagnostics } = await loadConfig(join(dir, 'config.yaml'), env);
  invariant(config !== undefined, JSON.stringify(diagnostics));
  return config;
}
