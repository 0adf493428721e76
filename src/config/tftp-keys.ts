// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a rule names what it knows of a client
/** Keys of `tftp` about names: what files are called, and by whom. */
import { z } from 'zod';
import { parseLinearPattern } from './linear-pattern.ts';
import { remapTargetFault } from './remap-rule.ts';
import { textValue } from './values.ts';

const remapRuleSchema = z
  .strictObject({
    match: textValue('regular expression', '^cfg/(.*)$').describe(
      'What the name has to fit, without a leading `/`: a regular expression without look-around and back references. Required.',
    ),
    to: z
      .string({ error: 'must be text' })
      .meta({ title: 'text', examples: ['configs/$1'] })
      .describe(
        'What the fitting part becomes: `$1` is what the first brackets hold; `${mac}` (00-1b-54-aa-bb-cc), `${ip}` and `${name}` (of `hosts`) are the client’s, and a rule with one that is not known does not fit. Required.',
      ),
  })
  .superRefine(({ match, to }, context) => {
    const pattern = parseLinearPattern(match);
    if (!pattern.ok) context.addIssue({ code: 'custom', message: pattern.error, path: ['match'] });
    const fault = remapTargetFault(to, pattern.ok ? pattern.value.groups : 99);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault, path: ['to'] });
  });

/** How names become paths. */
export const NAME_KEYS = {
  remap: z
    .array(remapRuleSchema)
    .default([])
    .describe('Rules that make other names of names, for files that are read and for those that are sent. The first that fits is used.'),
  perClientRoot: z
    .enum(['none', 'ip', 'mac', 'name'])
    .default('none')
    .describe(
      'A folder in `root` that is looked into first, called like the client: `ip` 192.168.77.21, `mac` 00-1b-54-aa-bb-cc, `name` as in `hosts`. What is not there comes from `root`.',
    ),
};
