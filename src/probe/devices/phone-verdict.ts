/** How a phone ends: with a configuration that says where to register, or without one. */
import { failed, type Verdict, well } from '../device.ts';
import { type FetchedFile, nameOf, octetsText } from '../fetching.ts';
import type { Life } from '../life.ts';
import { type Place, showPlace } from '../place.ts';

/** @param registrar what the configuration says, where it says it. */
export function configured(file: FetchedFile, registrar: string | undefined): Verdict {
  const where = registrar === undefined || registrar === '' ? 'finds no server in it to register at' : `would register at ${registrar}`;
  return well(`got its configuration ${nameOf(file)} (${octetsText(file.octets)}) and ${where}`);
}

export function unconfigured({ silence }: Life, place: Place, names: readonly string[]): Verdict {
  if (silence !== undefined) return failed(`got no configuration: ${silence} (${showPlace({ ...place, path: '' })})`);
  return failed(`got no configuration: ${showPlace({ ...place, path: '' })} has none of ${names.join(', ')}`);
}

/** The first group of the first pattern that matches. */
export function firstMatch(text: string, ...patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[1]?.trim();
    if (found !== undefined && found !== '') return found;
  }
  return undefined;
}
