/**
 * `npm run lab`: Bootlace on a virtual switch with devices of every kind and one of each failure, for a person without a switch at hand, and for the
 * tests. The laptop, the switch and the devices are network namespaces of this machine; nothing of it leaves them, and nothing of it stays.
 */
import { parseArgs } from 'node:util';
import { nearestName } from '../src/base/near-name.ts';
import { findTool } from '../test/support/find-tool.ts';
import type { Program } from '../test/support/program.ts';
import { LONGEST_MS, type Outcome, outcomesOf } from './lab/outcome.ts';
import { realMachines } from './lab/real-machines.ts';
import { Room } from './lab/room.ts';
import { SCENARIOS } from './lab/scenarios.ts';
import { type Cast, HEALTHY } from './lab/site.ts';

const DEFAULT_PORT = 8067;

const HELP = `npm run lab [-- options]   Bootlace on a virtual switch, with devices of every kind (Linux, root)

  without options   all devices and one of each failure; runs until Ctrl-C, with its page at http://127.0.0.1:${DEFAULT_PORT}/
  --scenario NAME   one failure alone
  --list            the failures, one a line
  --once            play, say what was expected and what came of it, and end: 0 when all is as expected, 1 when not
  --json            the same as JSON, on one line
  --real            two virtual PCs with real firmware as well, where QEMU is installed
  --port NUMBER     another port for the page; 0 is any that is free

A verdict can be the word for a silence: most stand after 40 s, the last of them after 2 min.`;

interface Wishes {
  readonly cast: Cast;
  readonly isOnce: boolean;
  readonly isJson: boolean;
  readonly port: number;
}

/** Where the lab cannot run, and what to do about it; undefined where it can. */
function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'The lab is made of network namespaces, which only Linux has.';
  if (process.getuid?.() !== 0) return 'The lab makes network namespaces, which needs root: sudo npm run lab';
  if (findTool('ip') === undefined) return 'The lab needs the program `ip`: apt-get install iproute2';
  if (findTool('setsid') === undefined) return 'The lab needs the program `setsid`: apt-get install util-linux';
  return undefined;
}

/** Plays, waits until every verdict stands, and says which do; true when all of them are as expected. */
async function playOnce(room: Room, { isJson }: Wishes, isOver: () => boolean): Promise<boolean> {
  const beganAt = performance.now();
  await room.serve();
  room.play();
  const { healthy, scenarios } = room.cast;
  const { length } = scenarios;
  if (!isJson)
    console.log(
      length === 1 ? 'One device that goes wrong …' : `${healthy.length} devices that are well, ${length} that go wrong: 2 min …`,
    );
  const outcomes = await outcomesOf(room, () => isOver() || performance.now() - beganAt > LONGEST_MS);
  const isWell = outcomes.every(({ isAsExpected }) => isAsExpected);
  const seconds = Math.round((performance.now() - beganAt) / 1000);
  if (isJson) console.log(JSON.stringify({ ok: isWell, seconds, outcomes }));
  else showOutcomes(outcomes, seconds);
  return isWell;
}

function showOutcomes(outcomes: readonly Outcome[], seconds: number): void {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  for (const { name, expected, found, sentence, isAsExpected } of outcomes) {
    const word = isAsExpected ? found : `${found}, expected was ${expected}`;
    console.log(`${isAsExpected ? '  ' : '! '}${name.padEnd(width)}  ${word}\n${' '.repeat(width + 4)}${sentence}`);
  }
  const wrong = outcomes.filter(({ isAsExpected }) => !isAsExpected).length;
  console.log(`\n${outcomes.length - wrong} of ${outcomes.length} as expected, after ${seconds} s.`);
}

/** Plays and goes on until the server ends: on a terminal with its own live view, otherwise with its log. */
async function playOn(room: Room, { port }: Wishes): Promise<void> {
  const url = await room.openDoor(port);
  console.log(`The page: ${url}`);
  console.log(`A shell on the laptop: ip netns exec ${room.laptop.name} sh   (its configuration: ${room.directory}/config.yaml)`);
  if (process.stdout.isTTY === true) await room.serveOnTerminal();
  else await room.serve({ coloured: true, env: { NO_COLOR: '1' } }, relayer());
  room.play();
  await room.serverEnded();
}

/** On a terminal the server chooses itself. */
function formatOf({ isOnce }: Wishes): string {
  if (isOnce) return 'json';
  return process.stdout.isTTY === true ? 'auto' : 'pretty';
}

/** Passes on what the server says, by whole lines. */
function relayer(): (server: Program) => void {
  let shown = 0;
  return ({ output }) => {
    const end = output.lastIndexOf('\n') + 1;
    if (end <= shown) return;
    process.stdout.write(output.slice(shown, end));
    shown = end;
  };
}

function listScenarios(): void {
  const width = Math.max(...SCENARIOS.map(({ name }) => name.length));
  for (const { name, title } of SCENARIOS) console.log(`${name.padEnd(width)}  ${title}`);
}

/** Reads the command line; a text is what is wrong with it. */
function wishesOf(values: ReturnType<typeof readOptions>): Wishes | string {
  const port = Number(values.port ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return '--port has to be a number from 0 to 65535.';
  const scenario = SCENARIOS.find(({ name }) => name === values.scenario);
  if (values.scenario !== undefined && scenario === undefined) {
    const near = nearestName(
      values.scenario,
      SCENARIOS.map(({ name }) => name),
    );
    return `No scenario is called ${values.scenario}${near === undefined ? '; --list shows all' : `; did you mean ${near}?`}`;
  }
  const real = values.real ? realMachines() : { there: [], missing: [] };
  for (const line of real.missing) console.error(line);
  return {
    cast: {
      healthy: scenario === undefined ? HEALTHY : [],
      scenarios: scenario === undefined ? SCENARIOS : [scenario],
      real: real.there,
    },
    isOnce: values.once || values.json,
    isJson: values.json,
    port,
  };
}

function readOptions() {
  return parseArgs({
    options: {
      scenario: { type: 'string' },
      list: { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      real: { type: 'boolean', default: false },
      port: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;
}

async function main(): Promise<number> {
  const values = readOptions();
  if (values.help) console.log(HELP);
  else if (values.list) listScenarios();
  if (values.help || values.list) return 0;
  const wishes = wishesOf(values);
  const reason = typeof wishes === 'string' ? wishes : whyNot();
  if (typeof wishes === 'string' || reason !== undefined) {
    console.error(reason);
    return typeof wishes === 'string' ? 2 : 1;
  }
  const interrupted = new Promise<undefined>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(undefined));
  });
  let isInterrupted = false;
  void interrupted.then(() => {
    isInterrupted = true;
  });
  const room = new Room(wishes.cast, { level: 'info', format: formatOf(wishes) });
  let outcome: boolean | undefined;
  try {
    const played = wishes.isOnce ? playOnce(room, wishes, () => isInterrupted) : playOn(room, wishes).then(() => true);
    // What is still under way when everything is taken away has nothing left to say.
    played.catch(() => undefined);
    outcome = await Promise.race([played, interrupted]);
  } finally {
    await room.close();
  }
  if (!wishes.isJson) console.log('\nThe laptop, the switch and the devices are gone; nothing was left behind.');
  return outcome === false || (outcome === undefined && wishes.isOnce) ? 1 : 0;
}

process.exitCode = await main().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault);
  return 1;
});
