/**
 * What the servers need from the machine's network, as ports: the Linux implementation uses kernel calls that Node lacks,
 * the portable one what every system has, and the tests wires in memory.
 */
import type { Server, Socket } from 'node:net';
import type { Cidr, Ipv4, Mac } from '../base/addresses.ts';

/** One end of a UDP conversation. */
export interface Endpoint {
  readonly address: Ipv4;
  readonly port: number;
}

/** What is known of a network interface at one moment. */
export interface InterfaceFacts {
  readonly name: string;
  readonly index: number;
  /** Absent where the interface has no 48-bit hardware address (loopback, tunnels, InfiniBand). */
  readonly mac: Mac | undefined;
  readonly mtu: number;
  readonly addresses: readonly Cidr[];
  /** Administratively up. */
  readonly isUp: boolean;
  /** A cable is in and the other side answers. */
  readonly hasCarrier: boolean;
  readonly isLoopback: boolean;
  readonly isWireless: boolean;
  /** Holds the (or a) default route: the way to the rest of the world, where a DHCP server would do harm. */
  readonly hasDefaultRoute: boolean;
  /** `physical` is a network card; the rest are what the kernel calls them (`veth`, `bridge`, `tun`, …). */
  readonly kind: string;
  /** Index of the bridge or bond it belongs to. */
  readonly master: number | undefined;
}

/** Takes a datagram as it came; the octets are its own to keep. `waitedMs`: how long the kernel had it, as far as that is known. */
export type DatagramListener = (bytes: Uint8Array, from: Endpoint, waitedMs: number) => void;

/** A UDP socket. */
export interface DatagramPort {
  readonly local: Endpoint;
  /** The one listener. */
  onDatagram(listener: DatagramListener): void;
  /** The one listener for faults: the port is still there, but a send failed or the interface went away. */
  onFault(listener: (fault: Error) => void): void;
  /** Sends as far as the kernel takes it; a failure goes to `onFault`, as UDP may lose datagrams anyway. */
  send(bytes: Uint8Array, to: Endpoint): void;
  /** Resolves when the socket is closed; afterwards nothing is received. Closing twice is allowed. */
  close(): Promise<void>;
}

/** Where a UDP socket is opened. */
export interface UdpOptions {
  /** Only what comes in by this interface, and only out by it. */
  readonly interface: string;
  /** The local address; absent: all of the interface's, broadcasts among them. */
  readonly address?: Ipv4 | undefined;
  /** 0: any free port. */
  readonly port: number;
  /** May send to broadcast addresses. */
  readonly broadcast?: boolean;
  /** Octets that the kernel keeps for us while we are busy. */
  readonly receiveBuffer?: number;
  /** A crowd is expected: datagrams are received and sent many at a time where the system can do that. */
  readonly batched?: boolean;
  /** Of a shared socket: newcomers come in by it. What those say who are here already is heard first. */
  readonly isDoor?: boolean;
}

/** Hears a datagram at a socket that many share; the next one overwrites `octets`. */
export type SharedListener = (octets: Uint8Array, address: Ipv4, port: number) => void;

/** Memory that datagrams are sent from. */
export interface SendMemory {
  readonly octets: Uint8Array;
  /** Where that is for the kernel, noted by the socket that sends from it first. */
  address: number | undefined;
}

/** A UDP socket that a crowd shares, each peer known by its address and port. */
export interface SharedPort {
  readonly local: Endpoint;
  /** The one listener. What came before it is heard as well, where the system can keep it. */
  onDatagram(listener: SharedListener): void;
  /** The one listener for faults; see `DatagramPort`. */
  onFault(listener: (fault: Error) => void): void;
  /** As far as the kernel takes it; the octets may change afterwards. */
  send(octets: Uint8Array, address: Ipv4, port: number): void;
  /**
   * Sends `octets` octets of the memory from `at` on as datagrams of `stride` octets each, the last one of what is left.
   * They must not change before the end of this turn of the event loop.
   */
  sendRun(memory: SendMemory, at: number, octets: number, stride: number, address: Ipv4, port: number): void;
  close(): Promise<void>;
}

/** A UDP datagram to a host that has no address yet, so that ARP cannot find it (RFC 2131 §4.1). */
export interface RawDatagram {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly hardwareAddress: Mac;
  readonly payload: Uint8Array;
}

/** Sends whole frames on one interface. */
export interface RawLink {
  send(datagram: RawDatagram): void;
  close(): void;
}

/** Sends whole frames on one interface that are made elsewhere. */
export interface FrameLink {
  /** From the destination on, without the checksum. As far as the kernel takes it; a failure goes to the `onFault` it was opened with. */
  send(frame: Uint8Array): void;
  /** What was sent has left, or has failed, when it returns. */
  close(): void;
}

/** The whole traffic of a host that this machine only plays: it has a hardware address of its own and no other part in the network. */
export interface StationLink {
  /** The one listener: frames to that address and to all. The octets are good until it returns. */
  onFrame(listener: (frame: Uint8Array) => void): void;
  /** As far as the kernel takes it. */
  send(frame: Uint8Array): void;
  close(): void;
}

/** Asks the link who has an address, by ARP: a host that drops pings still has to answer this. */
export interface ArpProber {
  /**
   * The hardware address of whoever has `address`, as soon as it answers; undefined when nobody does within `timeoutMs`, which is
   * 250 where absent. Never rejects: a probe that cannot be sent counts as unanswered. Any number of probes may be out at one time.
   */
  probe(address: Ipv4, timeoutMs?: number): Promise<Mac | undefined>;
  /** Probes that are out end unanswered. */
  close(): void;
}

/** A DHCP server's message that was heard on the wire. */
export interface OverheardReply {
  /** Who put it on this wire: the server, or the relay agent before it. */
  readonly mac: Mac;
  /** The sender of the datagram. */
  readonly from: Endpoint;
  /** 68 for clients, 67 for relay agents. */
  readonly toPort: number;
  /** Option 54, or the sender where it is absent, as in BOOTP. */
  readonly server: Ipv4;
  /** Option 53; undefined for BOOTP, and for types that a server does not send. */
  readonly type: 'OFFER' | 'ACK' | 'NAK' | undefined;
  /** yiaddr. */
  readonly yourAddress: Ipv4;
  /** chaddr: whom it answers; undefined where that is no 48-bit one. */
  readonly client?: Mac | undefined;
  /** giaddr: the relay agent that it was sent by way of. */
  readonly relayAddress: Ipv4;
}

/** Hears what DHCP servers say on an interface, whoever it is meant for, as far as it reaches this machine. */
export interface ReplySniffer {
  /** The one listener. What this machine itself sends by this interface is not heard. */
  onReply(listener: (reply: OverheardReply) => void): void;
  close(): void;
}

/** Hears what DHCP clients say on an interface to whoever listens at port 67, which another program may have. */
export interface RequestSniffer {
  /** The one listener. `to` is whom the datagram was for: one address of ours, or all. */
  onRequest(listener: (bytes: Uint8Array, to: Ipv4) => void): void;
  close(): void;
}

/** Opens sockets. */
export interface SocketFactory {
  /** Rejects with an Error that says what is in the way and what a person can do about it. */
  openUdp(options: UdpOptions): Promise<DatagramPort>;
  /** Undefined where the system has no such thing, or (after a word to `onFault`) forbids it: replies are broadcast instead. */
  openRawLink(facts: InterfaceFacts, onFault: (fault: Error) => void): RawLink | undefined;
  /** Undefined where the system has no such thing, or (after a word to `onFault`) forbids it. */
  openArpProber(facts: InterfaceFacts, onFault: (fault: Error) => void): ArpProber | undefined;
  /** Undefined where the system has no such thing, or (after a word to `onFault`) forbids it. */
  openReplySniffer(facts: InterfaceFacts, onFault: (fault: Error) => void): ReplySniffer | undefined;
  /** Undefined where the system has no such thing, or (after a word to `onFault`) forbids it. */
  openRequestSniffer(facts: InterfaceFacts, onFault: (fault: Error) => void): RequestSniffer | undefined;
}

/** Opens sockets that many share. */
export interface SharedSockets {
  /** As `SocketFactory.openUdp`. */
  openShared(options: UdpOptions): Promise<SharedPort>;
}

/** Opens links for frames. */
export interface FrameSockets {
  /** Undefined where the system has no such thing, or (after a word to `onFault`) forbids it. */
  openFrameLink(facts: InterfaceFacts, onFault: (fault: Error) => void): FrameLink | undefined;
}

/** Opens links for hosts that are only played. */
export interface StationSockets {
  /** Undefined where the system has no such thing, or (after a word to `onFault`) forbids it. */
  openStationLink(facts: InterfaceFacts, mac: Mac, onFault: (fault: Error) => void): StationLink | undefined;
}

/** Where a TCP server listens. */
export interface ListenOptions {
  /** Only who comes in by this interface, as far as the system can tell. */
  readonly interface: string;
  readonly address: Ipv4;
  /** 0: any free port. */
  readonly port: number;
}

/**
 * Has a TCP server listen; it takes its connections and closes the port itself.
 * Rejects with an Error that says what is in the way and what a person can do about it.
 */
export type Listen = (server: Server, options: ListenOptions) => Promise<void>;

/** A part of an open file on its way out. */
export interface FilePart {
  /** The system's number of the file. */
  readonly descriptor: number;
  readonly first: number;
  readonly octets: number;
}

/** Hears how the sending of a file goes. */
export interface FileSendListener {
  /** Before octets are taken from the file; false: it is not to be gone on with. Called often. */
  mayGoOn(): boolean;
  /** How many octets the connection has taken. */
  onSent(octets: number): void;
  /** All of it. */
  onDone(): void;
  /** It is over before its end. */
  onFault(fault: Error): void;
}

/**
 * Sends a file to a connection without its octets passing through the program. Nobody else may write to the connection meanwhile.
 * @returns stops it, also when it is over; the descriptors are the caller's again. Undefined where the system has no such thing.
 */
export type SendFile = (connection: Socket, part: FilePart, listener: FileSendListener) => (() => void) | undefined;

/** Looks at interfaces and puts addresses on them. */
export interface InterfaceControl {
  /** All interfaces as they are now. */
  list(): readonly InterfaceFacts[];
  /** Puts the address on and the interface up; throws an Error with the system's reason. */
  addAddress(facts: InterfaceFacts, address: Cidr): void;
  /** Takes the address off again; silent when it is gone already. */
  removeAddress(facts: InterfaceFacts, address: Cidr): void;
  /** Sets the interface administratively up, without which no cable can be seen; throws an Error with the system's reason. */
  bringUp(facts: InterfaceFacts): void;
}
