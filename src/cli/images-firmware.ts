/** `bootlace images firmware`: the images of firmware that the configuration names, whether they are as they should be, and for whom. */
import { statfs } from 'node:fs/promises';
import type { FirmwareImage } from '../boot/image-rules.ts';
import type { Config } from '../config/config.ts';
import { plainText } from '../events/plain-text.ts';
import { showSize } from '../events/quantities.ts';
import { showName } from '../files/safe-path.ts';
import { type DigestMemory, type FirmwareState, placeOfImage, readFirmware } from '../images/firmware.ts';
import { digestsFile, readDigests, writeDigests } from '../server/firmware-files.ts';
import { configOf } from './config-option.ts';
import { type Output, paint, showTable } from './output.ts';

export interface FirmwareFlags {
  readonly config?: string;
  readonly json?: true;
}

/** Fails when a file is missing or has a wrong digest. */
export async function listFirmware(flags: FirmwareFlags, output: Output): Promise<void> {
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return;
  const { images, tftp } = config;
  if (images.length === 0 && flags.json !== true) {
    output.line('the configuration names no images of firmware; `images` says which files are for which devices');
    return;
  }
  const states = await firmwareStates(config);
  const free = await freeOctets(tftp.root);
  if (states.some(({ state }) => isBad(state))) output.fail();
  if (flags.json === true) {
    output.line(JSON.stringify({ root: tftp.root, freeOctets: free, images: states.map(asJson(tftp.root)) }, undefined, 2));
    return;
  }
  output.line(showTable([['FILE', 'FOR', 'VERSION', 'SIZE', 'STATE'], ...states.map(cellsOf)]));
  for (const { image, state } of states) for (const line of detailsOf(image, state, output)) output.line(line);
  output.line('');
  const largest = Math.max(0, ...states.map(({ state }) => sizeOf(state) ?? 0));
  output.line(
    `a device needs as much free space on its flash as the image has, ${showSize(largest)} for the largest; look there before it is copied`,
  );
  if (free !== undefined) output.line(`${showSize(free)} are free on the disk of ${tftp.root}`);
}

/** How all images of a configuration are; what has to be read for it is remembered where that may be written. */
export async function firmwareStates(config: Config): Promise<readonly { readonly image: FirmwareImage; readonly state: FirmwareState }[]> {
  const file = digestsFile(config.server.dataDir);
  const memory: DigestMemory = await readDigests(file);
  const before = JSON.stringify([...memory]);
  const states: { image: FirmwareImage; state: FirmwareState }[] = [];
  for (const image of config.images) states.push({ image, state: await readFirmware(config.tftp.root, image, memory) });
  // Without it they are computed anew the next time, and by the server.
  if (JSON.stringify([...memory]) !== before) await writeDigests(file, memory).catch(() => undefined);
  return states;
}

/** What an operator has to know of a file, completing its name; undefined where there is nothing. */
export function firmwareFault(state: FirmwareState): string | undefined {
  if (state.is === 'missing') return state.why;
  if (state.is === 'unread') return 'changes while it is read';
  if (state.wrong === undefined) return undefined;
  const { algorithm, expected, found } = state.wrong;
  return `is given to nobody: its ${algorithm} is ${found} and not ${expected}`;
}

function isBad(state: FirmwareState): boolean {
  return firmwareFault(state) !== undefined;
}

function sizeOf(state: FirmwareState): number | undefined {
  return state.is === 'missing' ? undefined : state.is === 'unread' ? state.size : state.known.size;
}

type Listed = Awaited<ReturnType<typeof firmwareStates>>[number];

function cellsOf({ image, state }: Listed): readonly string[] {
  const { models, profile, unknownModel } = image;
  const whom = [...(models ?? []), ...(profile === undefined ? [] : [`profile ${profile}`])].join(', ');
  const size = sizeOf(state);
  return [
    plainText(showName(image.file)),
    whom === '' ? 'everybody' : `${whom}${unknownModel === 'allow' ? '' : ', no unknown ones'}`,
    image.version ?? '',
    size === undefined ? '' : showSize(size),
    stateText(image, state),
  ];
}

function stateText({ sha256, md5 }: FirmwareImage, state: FirmwareState): string {
  if (state.is === 'missing') return 'missing';
  if (state.is === 'unread') return 'is changing';
  if (state.wrong !== undefined) return `WRONG ${state.wrong.algorithm}: given to nobody`;
  const compared = [...(sha256 === undefined ? [] : ['SHA-256']), ...(md5 === undefined ? [] : ['MD5'])];
  return compared.length === 0 ? 'there, with no digest to compare' : `there, ${compared.join(' and ')} as expected`;
}

function detailsOf(image: FirmwareImage, state: FirmwareState, output: Output): readonly string[] {
  const lines = ['', paint('bold', plainText(showName(image.file)), output.colour.line)];
  if (image.note !== undefined) lines.push(`  ${plainText(image.note)}`);
  if (state.is === 'missing') lines.push(`  ${plainText(state.why)}`);
  if (state.is !== 'read') return lines;
  const { sha256, md5 } = state.known;
  lines.push(`  SHA-256 ${sha256}${besides(image.sha256, sha256)}`, `  MD5     ${md5}${besides(image.md5, md5)}`);
  return lines;
}

function besides(expected: string | undefined, found: string): string {
  return expected === undefined || expected === found ? '' : `\n  NOT     ${expected}, which the configuration says`;
}

function asJson(root: string): (listed: Listed) => object {
  return ({ image, state }) => ({
    ...image,
    file: showName(image.file),
    path: placeOfImage(root, image),
    state: state.is === 'read' ? (state.wrong === undefined ? 'fine' : 'wrong') : state.is,
    size: sizeOf(state),
    found: state.is === 'read' ? { sha256: state.known.sha256, md5: state.known.md5 } : undefined,
  });
}

/** Undefined where the system does not say. */
async function freeOctets(folder: string): Promise<number | undefined> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
}
