/** What is the matter with a device, in one sentence. The rules stand in `verdicts/`; the first that has something to say has the word. */
import type { WallMs } from '../base/clock.ts';
import { plainText } from '../events/plain-text.ts';
import type { Story } from './story.ts';
import { VERDICT_RULES } from './verdicts/index.ts';

/**
 * How far it is: `waiting` was seen and wants nothing, `addressing` asks for an address, `loading` fetches files, `booted` has what it
 * needs, `provisioned` has its configuration (or we have its backup), `stuck` does not go on.
 */
export const DEVICE_STATES = ['stuck', 'loading', 'addressing', 'waiting', 'provisioned', 'booted'] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

export interface Verdict {
  /** The name of the rule. */
  readonly rule: string;
  readonly state: DeviceState;
  /** Of the file that is on its way; 0 to 100. */
  readonly percent?: number | undefined;
  /** Cause, what shows it, and what to do. */
  readonly sentence: string;
}

/** What a rule finds. */
export interface Finding {
  readonly sentence: string;
  /** Where it is not that of the rule. */
  readonly state?: DeviceState;
  readonly percent?: number | undefined;
}

export interface VerdictRule {
  /** In kebab-case; it stands in the log, and in `docs/devices.md`. */
  readonly name: string;
  readonly state: DeviceState;
  /** What is to be seen, for people. */
  readonly looksFor: string;
  /** What to do about it, for people. */
  readonly remedy: string;
  /** The sentence ends with a full stop. */
  judge(story: Story): Finding | string | undefined;
}

/** Longest sentence, in characters: names in it come from packets. */
const LONGEST_SENTENCE = 600;

/** The verdict; there is always one. */
export function verdictOf(story: Story): Verdict {
  for (const { name, state, judge } of VERDICT_RULES) {
    const found = judge(story);
    if (found === undefined) continue;
    const finding: Finding = typeof found === 'string' ? { sentence: found } : found;
    return { rule: name, state: finding.state ?? state, percent: finding.percent, sentence: plainText(finding.sentence, LONGEST_SENTENCE) };
  }
  throw new Error('invariant broken: the last rule has always a word');
}

/** Beyond this silence no rule changes its mind. */
export const SETTLED_MS = 600_000;

/** When it is over. */
export function isSettled(lastAt: WallMs, now: WallMs): boolean {
  return now - lastAt > SETTLED_MS;
}
