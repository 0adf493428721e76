/** `bootlace up` on a terminal: what a person sees of it, by a pseudo-terminal of `script` and the emulator that shows what comes out of it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { bench, SERVER } from '../support/appliance.ts';
import type { Namespace } from '../support/netns.ts';
import { scratch } from '../support/scratch.ts';
import { TerminalSession } from '../support/terminal-session.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const MAIN = fileURLToPath(new URL('../../bin/bootlace.js', import.meta.url));
/** Who called sudo for the test run has nothing to do with the server. */
const NO_SUDO = { SUDO_UID: undefined, SUDO_GID: undefined, SUDO_USER: undefined };
const SIZE = { columns: 100, rows: 36 };
const RULE = /^─+$/;
const ESCAPE = '\u001b';

describeWith(['script', 'stty', 'curl'], 'On a terminal', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let device: Namespace;
  let folder: string;
  let session: TerminalSession | undefined;

  beforeAll(() => {
    ethernet = new VirtualSwitch();
    ({ laptop } = plugLaptop(ethernet));
    device = ethernet.plug('device');
    device.ip('address', 'add', '192.168.77.50/24', 'dev', LAN);
  });

  afterEach(async () => {
    await session?.close();
    session = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  afterAll(() => leaveNothing(ethernet));

  function configure(more: object = {}): string[] {
    folder = scratch('terminal');
    mkdirSync(join(folder, 'tftp'));
    writeFileSync(join(folder, 'tftp', 'slow.img'), Buffer.alloc(6 << 20));
    const config = {
      server: { dataDir: './data' },
      networks: [bench(), { name: 'floor-2', interface: 'eth9', address: '10.88.0.1/24' }],
      tftp: { root: './tftp', bandwidth: '1MiB/s' },
      http: { port: 8080 },
      services: { ntp: true },
      ...more,
    };
    writeFileSync(join(folder, 'config.yaml'), stringify(config));
    return [process.execPath, MAIN, 'up', '--config', join(folder, 'config.yaml')];
  }

  async function start(more: object = {}, ...flags: string[]): Promise<TerminalSession> {
    session = new TerminalSession(laptop, [...configure(more), ...flags], SIZE, { cwd: folder, env: NO_SUDO });
    return session;
  }

  /** The lines below the last rule. */
  function areaOf(lines: readonly string[]): readonly string[] {
    const rule = lines.findLastIndex((line) => RULE.test(line));
    return rule < 0 ? [] : lines.slice(rule + 1).filter((line) => line !== '');
  }

  const isServing = (lines: readonly string[]): boolean => areaOf(lines).some((line) => line.startsWith('bench: '));

  it('says what is served where once, and shows files on their way below the log, whatever the size of the window', async () => {
    const terminal = await start();
    const first = await terminal.sees('the area', isServing);
    const banner = first.slice(first.findIndex((line) => line.startsWith('DHCP')));
    expect(banner.slice(0, 6)).toEqual([
      'DHCP   bench on lan0 as 192.168.77.1/24 gives 192.168.77.100-192.168.77.199; floor-2 is not served:',
      '       there is no interface eth9 (there is lan0 and wlan0)',
      `TFTP   ${join(folder, 'tftp')} at ${SERVER}:69`,
      `HTTP   the same files at http://${SERVER}:8080/`,
      `Other  NTP at ${SERVER}:123; syslog, DNS off`,
      'Page   http://127.0.0.1:8067',
    ]);
    expect(first.join('\n')).not.toMatch(/ready, 1 network|files by HTTP at|network floor-2 waits/);

    const load = device.start(['curl', '-sS', '-o', '/dev/null', `tftp://${SERVER}/slow.img`]);
    const loading = await terminal.sees('a file on its way', (lines) =>
      areaOf(lines).some((line) => /slow\.img +█+░+ +\d+ % .*MiB\/s/.test(line)),
    );
    expect(areaOf(loading).at(-1)).toBe('bench: 0 of 100 leased · floor-2 is not served · http://127.0.0.1:8067 · Ctrl-C ends');

    for (const size of [
      { columns: 50, rows: 20 },
      { columns: 120, rows: 40 },
    ]) {
      await terminal.resize(size);
      await terminal.sees(`one whole area in ${size.columns} columns`, (lines) => {
        const rules = lines.filter((line) => line.includes('─'));
        return rules.length === 1 && rules[0] === '─'.repeat(size.columns) && lines.filter((line) => line.includes('█')).length === 1;
      });
    }
    await load.succeeded();
    await terminal.sees(
      'the line of the log',
      (lines) => lines.some((line) => line.includes('sent slow.img, 6 MiB')) && areaOf(lines)[0] === '1 booted',
    );

    terminal.type('\u0003');
    expect(await terminal.program.finished()).toMatchObject({ code: 0 });
    await terminal.settled();
    const { history } = terminal.screen;
    expect(history.join('\n')).not.toMatch(/[█░─]|Ctrl-C ends/);
    for (const part of ['Bootlace ', 'Page   http', 'sent slow.img, 6 MiB', 'stopping: SIGINT']) {
      expect(
        history.filter((line) => line.includes(part)),
        part,
      ).toHaveLength(1);
    }
    expect(terminal.written.lastIndexOf(`${ESCAPE}[?25h`)).toBeGreaterThan(terminal.written.lastIndexOf(`${ESCAPE}[?25l`));
  });

  it('takes the area away while it is paused, and when it is ended from elsewhere', async () => {
    const terminal = await start();
    await terminal.sees('the area', isServing);
    process.kill(terminal.pid, 'SIGTSTP');
    await terminal.sees('no area', (lines) => areaOf(lines).length === 0 && lines.some((line) => line.startsWith('Page')));
    terminal.goOn();
    await terminal.sees('the area again', isServing);
    process.kill(terminal.pid, 'SIGTERM');
    await terminal.program.finished();
    await terminal.settled();
    expect(terminal.screen.history.join('\n')).not.toMatch(/─|Ctrl-C ends/);
    expect(terminal.written.endsWith(`${ESCAPE}[?25l`)).toBe(false);
  });

  it('shows the code of a console that needs a token, and tells the token to nobody else', async () => {
    const terminal = await start({ web: { listen: `${SERVER}:8067` } });
    const lines = await terminal.sees('the area', isServing);
    expect(lines.filter((line) => /[▀▄█]/.test(line)).length).toBeGreaterThan(15);
    const token = (await laptop.start(['cat', join(folder, 'data', 'web-token')]).succeeded()).output.trim();
    expect(token).toMatch(/^[\w-]{16,}$/);
    expect(terminal.written).not.toContain(token);
  });

  it.each<[what: string, more: object, flags: readonly string[]]>([
    ['--plain', {}, ['--plain']],
    ['log.live: off', { log: { live: 'off' } }, []],
  ])('is the log alone with %s', async (_what, more, flags) => {
    const terminal = await start(more, ...flags);
    const lines = await terminal.sees('the log', (shown) => shown.some((line) => line.includes('ready, 1 network served')));
    expect(lines.join('\n')).not.toMatch(/─|^DHCP /m);
    expect(terminal.written).not.toContain(`${ESCAPE}[?`);
  });

  it('writes no escape sequence where no terminal is', async () => {
    const command = configure({ log: { format: 'pretty' } });
    const server = laptop.start(command as [string, ...string[]], {
      cwd: folder,
      coloured: true,
      env: { ...NO_SUDO, FORCE_COLOR: undefined },
    });
    await server.waitFor(/files by HTTP at/);
    await server.stop('SIGINT');
    expect(server.output).toContain('ready, 1 network served');
    expect(server.output).not.toContain(ESCAPE);
  });
});
