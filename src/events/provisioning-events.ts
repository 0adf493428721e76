/** What happens with devices that fetch their configuration by themselves. */
import type { Subject } from './events.ts';

/** A device on its way to its configuration. */
export type ProvisioningEvent =
  /** One went a step further on its way through the files that its family asks for. */
  | (Subject & {
      readonly type: 'provisioning.followed';
      /** For people. */
      readonly family: string;
      /** What became of its files so far, the last at the end. */
      readonly steps: readonly string[];
      /** What to do, where it does not go on by itself. */
      readonly advice?: string | undefined;
    })
  /** It was given a file that names others, which are not there. */
  | (Subject & {
      readonly type: 'provisioning.incomplete';
      readonly path: string;
      readonly what: string;
      readonly missing: readonly string[];
    });
