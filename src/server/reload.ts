/** A changed configuration on its way into force: what may stop it, and what is told about it. */
import { isInside, showCidr, showRange } from '../base/addresses.ts';
import { changesBetween, restartReasons } from '../config/changes.ts';
import type { Config, NetworkConfig } from '../config/config.ts';
import type { Diagnostic } from '../config/diagnostics.ts';
import type { LoadOutcome } from '../config/load.ts';
import type { AppEvent } from '../events/events.ts';
import type { ServedNetwork } from './site.ts';

/** A configuration that was read again, or what is wrong with it. */
export interface Reread extends LoadOutcome {
  /** What its file is called. */
  readonly file: string;
  /** What the command line made of its settings. */
  readonly warnings: readonly string[];
}

/** What came of it. */
export type ReloadOutcome =
  | { readonly ok: true; readonly changes: readonly string[]; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly reasons: readonly string[]; readonly diagnostics: readonly Diagnostic[] };

/** What a reload would change, or why it is refused as a whole. `served` are the networks that are up now. */
export function judgeReload(before: Config, { config, diagnostics }: Reread, served: readonly ServedNetwork[]): ReloadOutcome {
  if (config === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    return { ok: false, reasons: errors.map(oneLine), diagnostics };
  }
  const reasons = [...restartReasons(before, config), ...served.flatMap((network) => foreignPools(config, network) ?? [])];
  return reasons.length > 0 ? { ok: false, reasons, diagnostics } : { ok: true, changes: changesBetween(before, config), diagnostics };
}

/** What the log says of it: first the warnings, then each change, then the outcome. */
export function eventsOf(outcome: ReloadOutcome, { file, diagnostics, warnings }: Reread): readonly AppEvent[] {
  if (!outcome.ok) return [{ type: 'config.refused', file, reasons: outcome.reasons }];
  return [
    ...diagnostics.map((found): AppEvent => ({ type: 'config.warning', where: placeOf(found), detail: found.message })),
    ...warnings.map((detail): AppEvent => ({ type: 'config.warning', where: 'command line', detail })),
    ...outcome.changes.map((change): AppEvent => ({ type: 'config.changed', change })),
    { type: 'config.reloaded', file, changes: outcome.changes },
  ];
}

/** Where the address is the interface's own, only on the interface is it known whether the pools are of its network; undefined: they are. */
export function foreignPools({ networks }: Config, { network, facts, address }: ServedNetwork): string | undefined {
  const configured = networks.find(({ name }) => name === network);
  // One that has another address from now on is opened anew, and looked at then.
  if (configured === undefined || !takesAddressOfInterface(configured)) return undefined;
  const foreign = (configured.pools ?? []).filter((pool) => !isInside(address, pool.first) || !isInside(address, pool.last));
  if (foreign.length === 0) return undefined;
  return `${facts.name} has ${showCidr(address)}, and the pools ${foreign.map(showRange).join(', ')} of ${network} are not inside that network`;
}

function takesAddressOfInterface({ attachment }: NetworkConfig): boolean {
  return attachment.kind === 'interface' && attachment.address === undefined;
}

/** Where and what, without the line itself: there may be a secret in it. */
export function oneLine(diagnostic: Diagnostic): string {
  return `${placeOf(diagnostic)}: ${diagnostic.message}`;
}

function placeOf({ file, path, position }: Diagnostic): string {
  return position === undefined ? [file, path].filter((part) => part !== '').join(' ') : `${file}:${position.line}:${position.column}`;
}
