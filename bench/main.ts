/**
 * What DHCP and the file servers cost and how fast they are: `npm run bench`. The figures depend on the machine and on what else it does; compare runs
 * on the same one, before and after a change. CPU time is the figure that others disturb least.
 */
import { fileOpens } from './file-opens.ts';
import { httpSpeed, whyNoHttpSpeed } from './http-speed.ts';
import { inMemory } from './in-memory.ts';
import { overSockets } from './over-sockets.ts';
import { packets } from './packets.ts';
import type { Figure } from './round.ts';
import { syslogFlood } from './syslog-flood.ts';
import { timelines } from './timelines.ts';

function print(title: string, figures: readonly Figure[]): void {
  console.log(`\n${title}\n`);
  for (const { what, value } of figures) console.log(`  ${what.padEnd(46)}${value}`);
}

print('In memory, CPU time of an exchange', await inMemory());
print('Timelines, CPU time in the main thread', timelines());
print('Packets, what it costs to keep one', packets());
print('Files by name, CPU time of a look', await fileOpens());
if (process.platform === 'linux' && process.getuid?.() === 0) {
  print('Over sockets, the whole appliance', await overSockets());
  print('DHCP beside a flood of syslog', await syslogFlood());
  const obstacle = whyNoHttpSpeed();
  if (obstacle === undefined) print('Files by HTTP, beside nginx', await httpSpeed());
  else console.log(`\nFILES BY HTTP: LEFT OUT, ${obstacle}.`);
} else console.log('\nOver sockets and files by HTTP: left out, they need Linux and root for network namespaces.');
