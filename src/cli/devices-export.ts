/** `bootlace devices export`: the stored timelines as JSON lines. */
import { existsSync } from 'node:fs';
import { parseMac } from '../base/addresses.ts';
import type { Moment } from '../devices/moment.ts';
import { entryOf } from '../devices/moment-text.ts';
import { fieldsOf } from '../events/fields.ts';
import { readTimelines } from '../observe/timeline-store.ts';
import { timelineFile } from '../server/device-desk.ts';
import { configOf } from './config-option.ts';
import type { Output } from './output.ts';

export async function exportDevices(device: string | undefined, flags: { readonly config?: string }, output: Output): Promise<void> {
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return;
  const file = timelineFile(config.server.dataDir);
  const wanted = device === undefined ? undefined : (parseMac(device) ?? device);
  for (const moment of existsSync(file) ? readTimelines(file) : [])
    if (wanted === undefined || moment.device === wanted) output.line(JSON.stringify(lineOf(moment)));
}

/** The event's own fields beside what the timeline says of it; times in ISO 8601. */
function lineOf(moment: Moment): object {
  const { event, what, text, count } = entryOf(moment);
  const fields = fieldsOf(moment.event);
  return { ...fields, device: moment.device, at: iso(moment.at), lastAt: iso(moment.lastAt), count, event, what, text };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
