/** `docs/lab.md`: how the lab is used, and the failures that it plays. */
import type { Scenario } from './lab/scenario.ts';
import { SCENARIOS } from './lab/scenarios.ts';
import { HEALTHY } from './lab/site.ts';

const HEAD = `# The lab

\`sudo npm run lab\` is Bootlace with something to do: a switch, a laptop that serves, and on the switch ${HEALTHY.length} simulated devices of every kind that
[\`bootlace simulate\`](simulate.md) knows (PCs of each firmware, phones, switches, access points, boards), with one of each failure among them. All of
it is made of network namespaces of this machine, which needs Linux and root. Nothing leaves them, no interface of the machine is touched, and when it
ends nothing is left behind, however it ends.

| command | what it does |
|---|---|
| \`npm run lab\` | plays all of it and runs until Ctrl-C: the terminal shows what \`bootlace up\` shows, the page is at <http://127.0.0.1:8067/> |
| \`npm run lab -- --scenario NAME\` | plays one failure alone, with nothing beside it |
| \`npm run lab -- --list\` | lists the failures |
| \`npm run lab -- --once\` | plays, says of each device what was expected and what came of it, and ends: 0 when all is as expected, 1 when not |
| \`npm run lab -- --json\` | the same as one line of JSON |
| \`npm run lab -- --real\` | two virtual PCs with real firmware as well, one with BIOS and one with UEFI, where QEMU is installed |
| \`npm run lab -- --port NUMBER\` | another port for the page; 0 is any that is free |

The page is the console of the laptop, behind a door: a port on the loopback of this machine leads to the one of the laptop by a socket of the file
system, so that neither of the two networks knows of the other. The lab says how to get a shell on the laptop, for \`bootlace devices\` and all the others.

The lab runs in real time, all devices at once. Some verdicts are the word for a silence (a device that does not come for its boot file for 30 s), so that
most stand after 40 s and the last, of a phone that was configured and then not heard of, after 2 min. A failure played alone takes as long as its own
verdict needs. \`test/interop/showcase.test.ts\` plays everything and holds each device to its verdict.

## Pictures

\`sudo npm run pictures\` starts the lab, waits until every verdict stands and makes the pictures below \`docs/pictures/\` anew: the page in three sizes, light and
dark (Chromium), and the terminal. None is made by hand.

## Failures

The name is that of the verdict in [the list of verdicts](devices.md#verdicts), with a word behind it where there are two of one. This part is made from
\`scripts/lab/\` by \`npm run docs\`.

| scenario | what goes wrong | device | verdict |
|---|---|---|---|
`;

/** The whole page as Markdown, with a line break at the end. */
export function labPage(): string {
  return `${HEAD}${SCENARIOS.map(row).join('\n')}\n`;
}

function row({ name, title, device, faults = [], expected }: Scenario): string {
  const played = [device, ...faults.map((fault) => `--fault ${fault}`)].join(' ');
  return `| \`${name}\` | ${title} | \`${played}\` | *${expected.state}*, [${expected.verdict}](devices.md#${expected.verdict}) |`;
}
