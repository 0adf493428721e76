/** `bootlace render PATH`: what a device gets when it asks for a file, octet by octet, and from what that was made. */
import { Command } from 'commander';
import type { Ipv4, Mac } from '../base/addresses.ts';
import { latin1Text } from '../base/bytes.ts';
import { plainText } from '../events/plain-text.ts';
import { showSize } from '../events/quantities.ts';
import type { FoundFile } from '../files/catalog.ts';
import { showName } from '../files/safe-path.ts';
import { formFault } from '../files/well-formed-text.ts';
import { configOf, DEFAULT_CONFIG } from './config-option.ts';
import { readMac } from './explain.ts';
import { catalogNow, clientOf, readAddress, serverFor } from './explain-file.ts';
import { type Output, processOutput } from './output.ts';

interface Flags {
  readonly config?: string;
  readonly mac?: Mac;
  readonly address?: Ipv4;
}

/** The command; it writes to `output`. Fails when the device would get nothing. */
export function renderCommand(output: Output = processOutput()): Command {
  return new Command('render')
    .description('print what a device gets when it asks for this file, also one that is made from a template or a menu')
    .argument('<path>', 'the name that it asks for, such as pxelinux.cfg/default')
    .option('-c, --config <file>', `the configuration file (default: ./${DEFAULT_CONFIG})`)
    .option('--mac <mac>', 'the device that asks for it', readMac)
    .option('--address <address>', 'the address that asks for it', readAddress)
    .action((path: string, flags: Flags) => render(path, flags, output));
}

async function render(path: string, { config: file, mac, address }: Flags, output: Output): Promise<void> {
  const config = await configOf(file, output, 'errors');
  if (config === undefined) return;
  const from = clientOf(config, mac, address);
  const catalog = await catalogNow(config);
  const found = await catalog.open(latin1Text(Buffer.from(path)), from, serverFor(config, from));
  if (!found.ok) {
    output.note(`${plainText(path)} would not be served: ${plainText(found.error.detail)}`);
    output.fail();
    return;
  }
  print(found.value, output);
}

/** More than a menu has; a boot image is read piece by piece. */
const PIECE = 256 * 1024;

function print({ file, path, tolerated, made }: FoundFile, output: Output): void {
  const pieces: Uint8Array[] = [];
  try {
    const origin = made === undefined ? `${showName(path)}, as it lies on the disk` : `${showName(path)}, made from ${made.what}`;
    output.note(plainText(`${origin}, ${showSize(file.size)}${tolerated === undefined ? '' : ` (${tolerated})`}`));
    for (const note of made?.notes ?? []) output.note(plainText(`  ${note}`));
    for (let at = 0; at < file.size; ) {
      const piece = Buffer.alloc(Math.min(PIECE, file.size - at));
      const read = file.read(piece, at);
      if (!read.ok || read.value === 0) throw new Error(read.ok ? 'the file has become shorter' : read.error.detail);
      output.octets(piece.subarray(0, read.value));
      if (made?.form !== undefined) pieces.push(piece.subarray(0, read.value));
      at += read.value;
    }
    const fault = made?.form && formFault(Buffer.concat(pieces).toString(), made.form);
    if (fault !== undefined) output.note(plainText(`warning: ${fault}`));
  } finally {
    file.close();
  }
}
