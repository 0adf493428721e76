/**
 * Becomes an ordinary user and says what is left: `drop-privileges.ts USER INTERFACE`, with the environment of sudo for the user `auto`.
 * First it makes Node start its threads for files, as a server has by the time that it drops anything.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isMainThread, Worker } from 'node:worker_threads';
import { LIMITED_BROADCAST, type Mac, NO_ADDRESS, parseCidr, showCidr } from '../../../src/base/addresses.ts';
import { invariant } from '../../../src/base/result.ts';
import { openNetworkHost } from '../../../src/net/choose-host.ts';
import { runAtOnce } from '../../../src/net/linux/real-time.ts';
import { callerOfSudo, dropPrivileges, giveUp } from '../../../src/net/privileges.ts';

const [user = '', name = ''] = process.argv.slice(2);

function statusOf(thread: string, field: string): string {
  const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
  return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(status)?.[1]?.replaceAll('\t', ' ') ?? '';
}

/** Of the calling thread, as proc(5) numbers them: 0 is ordinary, 2 SCHED_RR. */
function policyOfThisThread(): string {
  // Behind the name, which may hold anything: the fields from the third on; the policy is the 41st.
  const fields = readFileSync('/proc/thread-self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return fields[41 - 3] ?? '';
}

async function tryEverything(thread: string): Promise<void> {
  const { interfaces, sockets, missing } = await openNetworkHost('linux');
  console.log(`${thread} misses ${missing.length}`);
  const address = parseCidr('192.168.77.9/24');
  const facts = interfaces.list().find((candidate) => candidate.name === name);
  invariant(facts && address, 'the second argument is an interface');
  interfaces.addAddress(facts, address);
  const port = await sockets.openUdp({ interface: name, address: address.address, port: 67 });
  await port.close();
  const link = sockets.openRawLink(facts, (fault) => console.log(`${thread} fault ${fault.message}`));
  const nowhere = { address: NO_ADDRESS, port: 67 };
  link?.send({
    from: nowhere,
    to: { address: LIMITED_BROADCAST, port: 68 },
    hardwareAddress: 'ff:ff:ff:ff:ff:ff' as Mac,
    payload: new Uint8Array(1),
  });
  link?.close();
  interfaces.removeAddress(facts, address);
  console.log(`${thread} did everything, ${showCidr(address)} among it`);
}

if (isMainThread) {
  await Promise.all(Array.from({ length: 8 }, () => readFile('/proc/self/status')));
  const outcome = dropPrivileges(user, callerOfSudo(process.env), { atFirst: ['CAP_SYS_NICE'] });
  console.log(JSON.stringify(outcome));
  await tryEverything('main');
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  giveUp('CAP_SYS_NICE');
  await new Promise((resolve) => worker.once('exit', resolve));
  const shadow = await readFile('/etc/shadow').then(
    () => 'readable',
    () => 'closed',
  );
  console.log(`/etc/shadow is ${shadow}`);
  for (const thread of readdirSync('/proc/self/task')) {
    console.log(`thread uid ${statusOf(thread, 'Uid')} gid ${statusOf(thread, 'Gid')} groups ${statusOf(thread, 'Groups')}.`);
  }
  const main = String(process.pid);
  console.log(
    `main permitted ${statusOf(main, 'CapPrm')} effective ${statusOf(main, 'CapEff')} no-new-privs ${statusOf(main, 'NoNewPrivs')}`,
  );
} else {
  runAtOnce();
  giveUp('CAP_SYS_NICE');
  const rights = /^CapPrm:\s*(\w+)$/m.exec(readFileSync('/proc/thread-self/status', 'utf8'))?.[1] ?? '';
  console.log(`worker policy ${policyOfThisThread()} permitted ${rights}`);
  await tryEverything('worker');
}
