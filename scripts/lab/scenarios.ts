/** Every failure that the lab plays. A new one is an entry in one of these lists; `npm run docs` puts it into `docs/lab.md`. */
import { ADDRESS_SCENARIOS } from './address-scenarios.ts';
import { BOOT_SCENARIOS } from './boot-scenarios.ts';
import { GEAR_SCENARIOS } from './gear-scenarios.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS: readonly Scenario[] = [...ADDRESS_SCENARIOS, ...BOOT_SCENARIOS, ...GEAR_SCENARIOS];
