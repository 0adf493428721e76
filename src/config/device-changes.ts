/** What is different about devices with files of their own, in words; secrets are told to be different, and not shown. */
import type { DeviceVars, TemplateSource, UnknownDevices, VarValue } from '../boot/template-source.ts';
import type { TemplatesConfig } from './config.ts';

/** A setting as text, or one whose text is nobody's to read. */
export type SettingText = string | { readonly secret: string };

/** `vars.extension`, each with its value. */
export function varSettings({ values, hidden }: DeviceVars): readonly (readonly [string, SettingText])[] {
  return Object.entries(values).map(([name, value]) => {
    const text = showValue(value);
    return [`vars.${name}`, hidden.includes(name) || typeof value === 'object' ? { secret: text } : text];
  });
}

function showValue(value: VarValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function profileChanges(before: readonly UnknownDevices[], after: readonly UnknownDevices[]): readonly string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [`unknown is for other profiles or has other variables now: ${after.map(({ profile }) => profile).join(', ') || 'none'}`];
}

/** A line for each file. */
export function templateChanges(before: TemplatesConfig, after: TemplatesConfig): readonly string[] {
  const was = new Map(before.sources.map((source) => [source.file, source]));
  const is = new Map(after.sources.map((source) => [source.file, source]));
  const added = after.sources.filter(({ file }) => !was.has(file)).map((source) => `${kindOf(source)} ${source.key} is new`);
  const gone = before.sources.filter(({ file }) => !is.has(file)).map((source) => `${kindOf(source)} ${source.key} is gone`);
  const changed = after.sources.filter((source) => {
    const earlier = was.get(source.file);
    return earlier !== undefined && JSON.stringify(earlier) !== JSON.stringify(source);
  });
  return [...added, ...gone, ...changed.map((source) => `${kindOf(source)} ${source.key} is another text`)];
}

function kindOf({ answers }: TemplateSource): string {
  return answers.length === 0 ? 'part of templates' : 'template';
}
