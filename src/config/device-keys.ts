/** Keys about devices that get files of their own: in `hosts` and in inventories, and beside them. */
import { z } from 'zod';
import type { VarValue } from '../boot/template-source.ts';
import { oneOrMore, textValue } from './values.ts';

const DEEPEST = 8;

/** Anything that YAML holds and a template can show. */
function isVarValue(value: unknown, depth = 0): value is VarValue {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  if (typeof value !== 'object' || depth > DEEPEST) return false;
  return Object.values(value).every((inner) => inner === undefined || isVarValue(inner, depth + 1));
}

/** Values by name; one that is left empty is not given. */
export const varsValue = z
  .record(z.string(), z.unknown(), { error: 'must be a mapping of variables, one `name: value` a line' })
  .transform((entries, context): Readonly<Record<string, VarValue>> => {
    const vars: [string, VarValue][] = [];
    for (const [name, value] of Object.entries(entries)) {
      if (value === undefined || value === null) continue;
      if (isVarValue(value)) vars.push([name, value]);
      else context.issues.push({ code: 'custom', message: 'cannot be the value of a variable', input: value, path: [name] });
    }
    return Object.fromEntries(vars);
  })
  .meta({ title: 'variables', examples: [{ extension: 101 }] });

export const profileValue = z
  .string({ error: 'must be a word' })
  .regex(/^[a-z0-9][a-z0-9-]*$/i, 'must be a word of letters, digits and hyphens such as cisco-sip')
  .meta({ title: 'profile', examples: ['cisco-sip'] });

const VALUES = 'A text that begins with `file:` stands for what is in that file.';

/** Of one device. */
export const DEVICE_KEYS = {
  profile: profileValue
    .optional()
    .describe('What kind of device it is: a folder of templates, of which it gets its files. Without it: none, unless `unknown` has one.'),
  model: textValue('text', 'CP-7841').optional().describe('Its model, for templates and for names with `{model}`.'),
  serial: textValue('text', 'FCH1234ABCD').optional().describe('Its serial number, for templates and for names with `{serial}`.'),
  vars: varsValue.prefault({}).describe(`What its templates need: text, numbers, lists, mappings. ${VALUES}`),
};

const unknownItem = z.strictObject({
  profile: profileValue.describe('The folder of templates. Required.'),
  vars: varsValue.prefault({}).describe(`What its templates need. ${VALUES}`),
});

/** Of all devices together. */
export const PROVISIONING_KEYS = {
  inventory: oneOrMore(textValue('path', './phones.csv'), 'path, or a list', './phones.csv')
    .optional()
    .describe(
      'Files with more devices: `.csv` with a header line, or `.yaml` with a list like `hosts`. They are read again when they are saved, see docs/inventory.md.',
    ),
  unknown: z
    .union([unknownItem, z.array(unknownItem)])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .optional()
    .describe(
      'Profiles whose files are also for devices that nobody wrote down, and with which variables; those of a device go before them. Of several profiles that have a file of one name the first is used.',
    ),
  templates: textValue('path', './templates')
    .optional()
    .describe('The folder with your own templates, see docs/templates.md. Without it: ./templates, where that is there.'),
};
