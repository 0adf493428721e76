/** A family of firmware: which answers it takes. One file a family stands beside this; `index.ts` lists them. */
import type { Options } from '../../dhcp/packet.ts';
import type { BootRole } from '../../dhcp/reply.ts';
import type { DhcpRequest } from '../../dhcp/request.ts';
import type { BootMenu } from '../boot-menu.ts';
import type { ClientFacts, Loader } from '../client-facts.ts';

/** What an answer is made for. */
export interface Asked {
  readonly facts: ClientFacts;
  readonly request: DhcpRequest;
  readonly role: BootRole;
  /** The menu that the firmware itself is to show (PXE 2.1 §2.4). */
  readonly pxeMenu: BootMenu | undefined;
}

/** One form of answer. */
export interface ReplyShape {
  /** For the log: how it differs from others. */
  readonly what: string;
  /** Options that the firmware needs in this form, asked for or not. */
  options(asked: Asked): Options;
  /** False: the file is told on port 4011 alone. */
  readonly namesFile: boolean;
}

export interface FirmwareProfile {
  readonly loader: Loader;
  /** Where what is known of it comes from. */
  readonly evidence: string;
  /** The forms that some of its builds take and others do not, the likeliest first. Never empty. */
  shapes(asked: Asked): readonly ReplyShape[];
  /** True for one that gets an answer although no file is configured for it: it asks for its files by itself. */
  readonly needsNoFile: boolean;
}
