/** A part of a packet in words, with the place where it stands: what a page marks among the octets. */
export interface PacketField {
  /** As the RFC calls it: `secs`, `option 60 (Vendor Class Identifier)`. */
  readonly name: string;
  readonly value: string;
  /** Its first octet in the packet, and the one behind its last; absent for what is said of the packet as a whole. */
  readonly octets?: readonly [first: number, end: number];
}

/** A packet in words. What is wrong with it is a field named `malformed`. */
export interface PacketWords {
  /** `DISCOVER`, `RRQ pxelinux.0`. */
  readonly summary: string;
  /** In the order of the packet; parts of an option come behind it, and lie inside it. */
  readonly fields: readonly PacketField[];
}
