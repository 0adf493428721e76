/** Whether a packet filter of this machine throws away what clients send. Hints only: what rules mean together is not worked out. */
import { isMissingProgram, runProgram } from '../images/run-program.ts';
import { doubtful, type Finding, fine } from './finding.ts';
import type { NeededPort } from './needed-ports.ts';

const CHECK = 'packet filter';

/** Asks nft, or else iptables; undefined where there is neither, or nobody may ask. */
export async function checkFirewall(needed: readonly NeededPort[]): Promise<Finding | undefined> {
  const nft = await outputOf(['nft', '--json', 'list', 'ruleset']);
  if (nft !== undefined) return judgeNftables(nft, needed);
  const iptables = await outputOf(['iptables-save', '-t', 'filter']);
  return iptables === undefined ? undefined : judgeIptables(iptables, needed);
}

async function outputOf(command: readonly [string, ...string[]]): Promise<string | undefined> {
  try {
    const { code, stdout } = await runProgram(command);
    return code === 0 ? stdout : undefined;
  } catch (fault) {
    if (isMissingProgram(fault)) return undefined;
    throw fault;
  }
}

/** What `nft --json list ruleset` prints, as far as it is looked at (libnftables-json(5)). */
interface Ruleset {
  readonly nftables?: readonly {
    readonly chain?: {
      readonly family: string;
      readonly table: string;
      readonly name: string;
      readonly hook?: string;
      readonly policy?: string;
    };
    readonly rule?: { readonly table: string; readonly chain: string; readonly expr?: unknown };
  }[];
}

/** A chain for what comes in that drops what no rule takes, without a rule that speaks of one of our ports. */
export function judgeNftables(json: string, needed: readonly NeededPort[]): Finding {
  const { nftables = [] } = readRuleset(json);
  const rules = nftables.flatMap(({ rule }) => rule ?? []);
  const closed = nftables.flatMap(({ chain }) => chain ?? []).find((chain) => chain.hook === 'input' && isClosed(chain, rules));
  if (closed === undefined) return fine(CHECK, 'nothing that drops all it does not know');
  // A port stands somewhere in a rule, alone, in a set or as an end of a range.
  const text = rules.map(({ expr }) => JSON.stringify(expr ?? '')).join('\n');
  const unnamed = needed.filter(({ port }) => !new RegExp(`\\b${port}\\b`).test(text));
  if (unnamed.length === 0) return fine(CHECK, 'rules name every port');
  const { family, table, name } = closed;
  return doubtful(
    CHECK,
    `the chain ${name} of table ${family} ${table} drops what no rule takes, and none names ${listed(unnamed)}`,
    `let them in, for example: ${portsByProtocol(unnamed)
      .map(({ protocol, ports }) => `sudo nft insert rule ${family} ${table} ${name} ${protocol} dport '{ ${ports.join(', ')} }' accept`)
      .join('; ')}`,
  );
}

function readRuleset(json: string): Ruleset {
  try {
    return JSON.parse(json) as Ruleset;
  } catch {
    return {};
  }
}

function isClosed(
  chain: { readonly table: string; readonly name: string; readonly policy?: string },
  rules: readonly { readonly table: string; readonly chain: string; readonly expr?: unknown }[],
): boolean {
  if (chain.policy === 'drop') return true;
  const last = rules.findLast((rule) => rule.table === chain.table && rule.chain === chain.name);
  // A rule of nothing but a verdict, as firewalld puts it at the end.
  return last !== undefined && /^\[(?:\{"counter":[^[\]]*\},)?\{"(?:drop|reject)":[^[\]]*\}\]$/.test(JSON.stringify(last.expr ?? []));
}

/** The same for the output of `iptables-save -t filter`. */
export function judgeIptables(rules: string, needed: readonly NeededPort[]): Finding {
  const isDropping = /^:INPUT DROP\b/m.test(rules) || /^-A INPUT -j (?:DROP|REJECT)\b/m.test(rules);
  if (!isDropping) return fine(CHECK, 'nothing that drops all it does not know');
  const unnamed = needed.filter(({ port }) => !new RegExp(`(?:dport|dports) (?:\\S*[,:])?${port}\\b`).test(rules));
  if (unnamed.length === 0) return fine(CHECK, 'rules name every port');
  const commands = portsByProtocol(unnamed).map(
    ({ protocol, ports }) => `sudo iptables -I INPUT -p ${protocol} -m multiport --dports ${ports.join(',')} -j ACCEPT`,
  );
  return doubtful(
    CHECK,
    `INPUT drops what no rule takes, and none names ${listed(unnamed)}`,
    `let them in, for example: ${commands.join('; ')}`,
  );
}

function listed(ports: readonly NeededPort[]): string {
  return ports.map(({ protocol, port }) => `${protocol.toUpperCase()} ${port}`).join(', ');
}

function portsByProtocol(needed: readonly NeededPort[]) {
  return (['udp', 'tcp'] as const)
    .map((protocol) => ({ protocol, ports: needed.filter((one) => one.protocol === protocol).map(({ port }) => port) }))
    .filter(({ ports }) => ports.length > 0);
}
