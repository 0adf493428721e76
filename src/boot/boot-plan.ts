/** Which file a client boots, and what its firmware needs to see beside the name. */
import { latin1Bytes } from '../base/bytes.ts';
import { OPTION } from '../dhcp/codes.ts';
import type { Inquiry } from '../dhcp/inquiry.ts';
import type { BootPlan, BootPolicy } from '../dhcp/reply.ts';
import type { DhcpRequest } from '../dhcp/request.ts';
import type { Architecture } from './architecture.ts';
import { type ClientFacts, clientFactsOf } from './client-facts.ts';
import { fillVariables } from './server-variable.ts';

/** Paths under the TFTP root, or URLs, with variables in them; see `fillVariables`. */
export interface BootSettings {
  readonly files: { readonly [Name in Architecture]?: string | undefined };
  /** What a client gets that runs iPXE already; undefined: what its architecture gets, unless that is iPXE. */
  readonly ipxe: string | undefined;
  /** What `${httpPort}` stands for. */
  readonly httpPort?: number | undefined;
}

/**
 * PXE 2.1 table 2-1, discovery control (tag 6) bit 3: "a boot file name is in the offer, just download it".
 * Without it a ROM that sees the class PXEClient asks a boot server on port 4011 first and ends in PXE-E55.
 */
const PXE_NO_DISCOVERY = Uint8Array.of(6, 1, 8, 255);
/** iPXE's option 0xb0, no-pxedhcp: do not wait two seconds for a proxyDHCP server. */
const IPXE_NO_PROXY_WAIT = Uint8Array.of(0xb0, 1, 1);

/** The boot policy of one configuration. */
export function bootPolicyOf(settings: BootSettings): BootPolicy {
  return {
    plan(inquiry: Inquiry): BootPlan | undefined {
      const { request } = inquiry;
      const facts = clientFactsOf(request.packet);
      const choice = chooseFile(facts, settings, inquiry);
      if (choice === undefined) return undefined;
      const file =
        choice.file === undefined ? undefined : fillVariables(choice.file, { server: request.via.server, httpPort: settings.httpPort });
      return { file, options: firmwareOptions(facts, request, file), why: choice.why };
    },
  };
}

function chooseFile(
  facts: ClientFacts,
  settings: BootSettings,
  { host, classes }: Inquiry,
): { file: string | undefined; why: string } | undefined {
  // First: iPXE loaded by us must not be given iPXE again, not even by the host's own entry.
  if (facts.loader === 'ipxe' && settings.ipxe !== undefined) return { file: settings.ipxe, why: 'it runs iPXE' };
  if (host?.bootFile !== undefined)
    return { file: host.bootFile, why: host.name === undefined ? 'its own boot file' : `boot file of ${host.name}` };
  const inClass = classes.find(({ bootFile }) => bootFile !== undefined);
  if (inClass !== undefined) return { file: inClass.bootFile, why: `boot file of class ${inClass.name}` };
  if (facts.loader === 'other') return undefined;
  if (facts.architecture === undefined) return { file: undefined, why: 'its architecture is unknown' };
  const file = settings.files[facts.architecture];
  if (facts.loader === 'ipxe' && file !== undefined && isIpxeItself(file))
    return { file: undefined, why: 'it runs iPXE, and boot.ipxe is not set' };
  return { file, why: file === undefined ? `no boot file for ${facts.architecture}` : facts.architecture };
}

/** Names under which iPXE is built and packaged: given to a client that runs it, each would load the next without end. */
export function isIpxeItself(file: string): boolean {
  return /(?:^|\/)(?:ipxe|undionly|snponly|snp|intel)[^/]*\.(?:efi|pxe|kpxe|kkpxe|lkrn|0)$/i.test(file);
}

/** What firmware looks for in an offer, asked for or not. */
function firmwareOptions(facts: ClientFacts, request: DhcpRequest, file: string | undefined): ReadonlyMap<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  if (file === undefined) return options;
  switch (facts.loader) {
    case 'pxe': {
      if (!facts.vendorClass.startsWith('PXEClient')) return options;
      options.set(OPTION.vendorClass, latin1Bytes('PXEClient'));
      options.set(OPTION.vendorSpecific, PXE_NO_DISCOVERY);
      // Some ROMs pass over offers without their own machine identifier.
      const machine = request.packet.options.get(OPTION.clientMachineId);
      if (machine !== undefined) options.set(OPTION.clientMachineId, machine);
      return options;
    }
    case 'http':
      // EDK2 takes an offer for HTTP boot only when it says HTTPClient and carries a URL.
      return options.set(OPTION.vendorClass, latin1Bytes('HTTPClient'));
    case 'ipxe':
      return options.set(OPTION.ipxe, IPXE_NO_PROXY_WAIT);
    case 'other':
      return options;
  }
}
