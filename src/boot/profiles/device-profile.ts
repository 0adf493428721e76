/**
 * A family of phones, switches, routers or access points that fetches its configuration by itself: how it is known, how it is told
 * the server, and which files it asks for. One file a family in `phones/` and `gear/`; `devices.ts` lists them.
 */
import type { Ipv4 } from '../../base/addresses.ts';
import type { DhcpPacket, Options } from '../../dhcp/packet.ts';

/** What a device says of itself in a DHCP message. */
export interface RecognisedDevice {
  /** As the vendor writes it, `CP-7962G`; undefined where the message does not tell. */
  readonly model: string | undefined;
  readonly serial: string | undefined;
}

/** What makes a message worth the look of `recognise`: any of these. */
export interface DeviceSigns {
  /** How option 60 begins, in lower case. */
  readonly classes?: readonly string[];
  /** The first half of the MAC, in lower case with colons, `00:1b:54`. */
  readonly ouis?: readonly string[];
  /** Options that others hardly send, such as 77 or 124: that they are there is enough. */
  readonly options?: readonly number[];
}

/** Where a device is to fetch its configuration. */
export interface ProvisioningServer {
  /** Undefined where the configuration names a server by its host name only. */
  readonly address: Ipv4 | undefined;
  /** As the configuration says it, `${server}` filled in: an address, a host name, or a URL. */
  readonly written: string;
  /** With a scheme and without a slash at the end: by HTTP where the vendor prefers it and we serve it, else by TFTP. */
  readonly url: string;
  /** Undefined where this appliance serves no HTTP. */
  readonly httpPort: number | undefined;
  /** VLAN of voice, where the configuration names one. */
  readonly vlan: number | undefined;
}

/** A file that the family asks for. */
export interface AskedFile {
  /** Octets as text, in any case; without a leading `/`. */
  readonly name: RegExp;
  /** For people: `its configuration`, `the list of trusted servers`. */
  readonly what: string;
  /** What a miss means, completing "not there: …"; and whether the device does well without it. */
  readonly miss: { readonly isNormal: boolean; readonly say: string };
  /** Files that it asks for next, as a file of this name that it was given says; for people, `what` they are. */
  readonly leadsTo?: (content: string) => readonly { readonly name: string; readonly what: string }[];
}

export interface DeviceProfile {
  /** The word of the configuration, `profile: cisco-sip`, and the folder of its templates. */
  readonly name: string;
  /** For people: `Cisco IP phone (SIP)`. */
  readonly title: string;
  readonly kind: 'phone' | 'switch' | 'router' | 'access point';
  /** Where what is known of it comes from. */
  readonly evidence: string;
  readonly signs: DeviceSigns;
  /** Undefined: it is none of these. Whatever the options hold, there is an answer. */
  recognise(packet: DhcpPacket): RecognisedDevice | undefined;
  /** The server in the dialect of the family: code and octets. What the configuration sets by itself goes before these. */
  provision(server: ProvisioningServer): Options;
  /** Of these, the codes that go out although it did not ask for them (option 55). */
  readonly unasked?: readonly number[];
  /** True for one that is given a URL by HTTP where we serve it. */
  readonly prefersHttp?: boolean;
  /** In the order in which it asks. */
  readonly files: readonly AskedFile[];
}
