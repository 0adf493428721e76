/** Templates as they are read, for tests that need no folder. */
import type { TemplateSource } from '../../src/boot/template-source.ts';

/** One with three lines of front matter; it lies in /t. */
export function templateSource(key: string, text: string, more: Partial<TemplateSource> = {}): TemplateSource {
  return {
    key,
    profile: key.split('/')[0] ?? '',
    file: `/t/${key}`,
    origin: 'user',
    answers: [],
    escape: undefined,
    defaults: { values: {}, hidden: [] },
    isPublic: false,
    text,
    linesBefore: 3,
    ...more,
  };
}
