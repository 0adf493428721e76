/** The option codes and message types that the engine itself reads or writes. All others are bytes from the configuration. */

/** Option codes by their RFC names (RFC 2132 and, where another, named). */
export const OPTION = {
  subnetMask: 1,
  router: 3,
  hostName: 12,
  broadcastAddress: 28,
  vendorSpecific: 43,
  requestedAddress: 50,
  leaseTime: 51,
  overload: 52,
  messageType: 53,
  serverIdentifier: 54,
  parameterRequestList: 55,
  message: 56,
  maximumMessageSize: 57,
  renewalTime: 58,
  rebindingTime: 59,
  vendorClass: 60,
  clientIdentifier: 61,
  tftpServerName: 66,
  bootFileName: 67,
  /** RFC 3004. */
  userClass: 77,
  /** RFC 4039. */
  rapidCommit: 80,
  /** RFC 3046. */
  relayAgentInformation: 82,
  /** RFC 4578 §2.1. */
  clientArchitecture: 93,
  /** RFC 4578 §2.3. */
  clientMachineId: 97,
  /** RFC 4388: other addresses of the same client. */
  associatedAddresses: 92,
  /** RFC 3011. */
  subnetSelection: 118,
  /** RFC 5859. */
  tftpServerAddresses: 150,
  /** Encapsulated options of iPXE; only iPXE sends it. */
  ipxe: 175,
} as const;

/** Message types, option 53 (RFC 2132 §9.6, RFC 4388 §6.1). */
export const MESSAGE_TYPES = {
  1: 'DISCOVER',
  2: 'OFFER',
  3: 'REQUEST',
  4: 'DECLINE',
  5: 'ACK',
  6: 'NAK',
  7: 'RELEASE',
  8: 'INFORM',
  10: 'LEASEQUERY',
  11: 'LEASEUNASSIGNED',
  12: 'LEASEUNKNOWN',
  13: 'LEASEACTIVE',
} as const;

export type MessageType = (typeof MESSAGE_TYPES)[keyof typeof MESSAGE_TYPES];

/** The number of a message type. */
export const MESSAGE_CODES: { readonly [Type in MessageType]: number } = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
  INFORM: 8,
  LEASEQUERY: 10,
  LEASEUNASSIGNED: 11,
  LEASEUNKNOWN: 12,
  LEASEACTIVE: 13,
};
