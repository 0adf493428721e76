/** What is wrong with one of `tftp.remap`, and what of it can be seen without a request. */
import { parseLinearPattern } from './linear-pattern.ts';

/** What is wrong with the name that a rule gives, whose pattern has that many groups; undefined when nothing is. */
export function remapTargetFault(to: string, groups: number): string | undefined {
  for (const [text, dollar, group, name] of to.matchAll(/\$(?:(\$)|(\d{1,2})|\{(\w*)\}|)/g)) {
    if (dollar !== undefined) continue;
    if (group !== undefined) {
      if (Number(group) < 1 || Number(group) > groups) return `${text} stands for nothing: the pattern has ${showGroups(groups)}`;
    } else if (name === undefined) return 'a $ by itself stands for nothing; write $$ for the sign';
    else if (!['mac', 'ip', 'name'].includes(name)) return `${text} stands for nothing; there are \${mac}, \${ip} and \${name}`;
  }
  const leadsOut = to.split(/[\\/]/).includes('..');
  return leadsOut ? 'must not hold ..: no file outside of `tftp.root` is served' : undefined;
}

function showGroups(count: number): string {
  return count === 0 ? 'no group in brackets' : `only ${count} in brackets`;
}

interface Rule {
  readonly match: string;
  readonly to: string;
}

/** The rule before that takes every name that this one could fit; undefined when that cannot be seen. */
export function shadowOf(rules: readonly Rule[], at: number): number | undefined {
  const match = rules[at]?.match;
  const earlier = rules.slice(0, at).findIndex((rule) => !isConditional(rule) && (rule.match === match || fitsAll(rule.match)));
  return earlier < 0 ? undefined : earlier;
}

/** A rule that needs to know of the client what may not be known. */
function isConditional({ to }: Rule): boolean {
  return /\$\{(?:mac|ip|name)\}/.test(to.replaceAll('$$', ''));
}

function fitsAll(match: string): boolean {
  const pattern = parseLinearPattern(match);
  return pattern.ok && /^\^?(?:\(\?:|\()?\.[*+]\??\)?\$?$/.test(match);
}
