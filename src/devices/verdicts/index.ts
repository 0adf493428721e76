/** All rules, the most certain first. A new one is a rule in a file of this folder, and its line here. */
import type { VerdictRule } from '../verdict.ts';
import { ADDRESS_RULES } from './addresses.ts';
import { BOOT_FILE_RULES } from './boot-files.ts';
import { GEAR_RULES } from './gear.ts';
import { CONFLICT_RULES } from './identity.ts';
import { LOOP_RULES } from './loops.ts';
import { MISSING_FILE_RULES } from './missing-files.ts';
import { OFFER_RULES } from './offers.ts';
import { PROGRESS_RULES } from './progress.ts';
import { SILENCE_RULES } from './silence.ts';
import { TRANSFER_RULES } from './transfers.ts';

export const VERDICT_RULES: readonly VerdictRule[] = [
  ...CONFLICT_RULES,
  ...ADDRESS_RULES,
  ...OFFER_RULES,
  ...LOOP_RULES,
  ...BOOT_FILE_RULES,
  ...MISSING_FILE_RULES,
  ...TRANSFER_RULES,
  ...GEAR_RULES,
  ...SILENCE_RULES,
  ...PROGRESS_RULES,
];
