/** A simulated device's TFTP: the request with its firmware's options, the agreement, and the transfer (RFC 1350, 2347, 2348, 7440). */
import { LIMITED_BROADCAST } from '../base/addresses.ts';
import type { Endpoint } from '../net/ports.ts';
import { decodePacket, ERROR_CODE, encodePacket, type TftpOption, type TftpPacket } from '../tftp/packet.ts';
import { type Course, type Life, MOST_OCTETS } from './life.ts';
import type { Place } from './place.ts';
import { ReadingClient, type TftpClient, WritingClient } from './tftp-client.ts';

/** How a transfer ended. */
export type TftpOutcome =
  | { readonly got: 'file'; readonly octets: Uint8Array }
  | { readonly got: 'refusal'; readonly why: string }
  | { readonly got: 'nothing'; readonly why: string };

/** Requests that are sent, and the time that each has, ms. */
const REQUEST_TRIES = 4;
const REQUEST_MS = 2000;
const REPEAT_MS = 1000;
const PLAIN_BLOCK = 512;
/** Answers to a device that has fallen silent that it still hears. */
const STALL_MS = 3500;

/** Reads a file as this device does. */
export function* readByTftp(life: Life, place: Place): Course<TftpOutcome> {
  const { options, probe, habit } = life.device.tftp ?? {};
  if (probe !== undefined) {
    const size = yield* probeSize(life, place, probe);
    if (size !== undefined) return size;
    if (habit === 'size-probe-only') return { got: 'nothing', why: 'it asked for the size and never for the file' };
  }
  const asked = options?.(life.mac) ?? [];
  const begun = yield* begin(life, place, 'rrq', asked);
  if ('got' in begun) return begun;
  const { answer, transfer } = begun;
  const { blockSize, window } = agreed(answer);
  const client = new ReadingClient(blockSize, window);
  if (habit === 'stalls-first-block') return yield* stall(life, transfer, client, answer, 0);
  if (habit === 'stalls-midway') return yield* stall(life, transfer, client, answer, 3);
  yield* play(life, transfer, client, answer);
  return client.isDone ? { got: 'file', octets: joined(client.pieces) } : { got: 'nothing', why: 'the transfer broke off' };
}

/** Sends a file; `until` is the number of packets after which the device goes silent. */
export function* writeByTftp(life: Life, place: Place, file: Uint8Array, until?: number): Course<TftpOutcome> {
  const begun = yield* begin(life, place, 'wrq', []);
  if ('got' in begun) return begun;
  const { answer, transfer } = begun;
  const client = new WritingClient(file, PLAIN_BLOCK, 1);
  if (until !== undefined) return yield* stall(life, transfer, client, answer, until);
  yield* play(life, transfer, client, answer);
  return client.isDone ? { got: 'file', octets: file } : { got: 'nothing', why: 'the transfer broke off' };
}

interface Transfer {
  readonly port: number;
  readonly peer: Endpoint;
}

interface Begun {
  readonly answer: TftpPacket;
  readonly transfer: Transfer;
}

/** Says the request until there is an answer, and learns the server's port from that (RFC 1350 §4). */
function* begin(life: Life, place: Place, type: 'rrq' | 'wrq', options: readonly TftpOption[]): Course<Begun | TftpOutcome> {
  const port = life.nextPort();
  const octets = encodePacket({ type, fileName: place.path, mode: 'octet', options });
  for (let tries = 0; tries < REQUEST_TRIES; tries += 1) {
    life.act({ do: 'udp', octets, fromPort: port, to: { address: place.server, port: place.port } });
    const until = life.in(REQUEST_MS);
    for (;;) {
      const event = yield until;
      if (event.on === 'timeout') break;
      if (event.on !== 'datagram' || event.toPort !== port) continue;
      if (place.server !== LIMITED_BROADCAST && event.from.address !== place.server) continue;
      const packet = decodePacket(event.octets);
      if (!packet.ok) continue;
      if (packet.value.type === 'error') return { got: 'refusal', why: errorText(packet.value) };
      return { answer: packet.value, transfer: { port, peer: event.from } };
    }
  }
  return { got: 'nothing', why: 'the TFTP server does not answer' };
}

function* play(life: Life, transfer: Transfer, client: TftpClient, first: TftpPacket): Course<void> {
  say(life, transfer, client.receive(first));
  for (let octets = 0; !client.isDone && !client.isLost && octets <= MOST_OCTETS; ) {
    const packet = yield* nextPacket(life, transfer, REPEAT_MS);
    say(life, transfer, packet === undefined ? client.timeout() : client.receive(packet));
    octets += packet?.type === 'data' ? packet.octets.length : 0;
  }
}

/** Takes a few packets and then says nothing more; what is sent to it meanwhile is lost on it. */
function* stall(life: Life, transfer: Transfer, client: TftpClient, first: TftpPacket, packets: number): Course<TftpOutcome> {
  // That of the OACK arrives: what is lost are the large packets that follow.
  if (packets > 0 || first.type === 'oack') say(life, transfer, client.receive(first));
  for (let taken = 1; taken < packets && !client.isDone && !client.isLost; taken += 1) {
    const packet = yield* nextPacket(life, transfer, REPEAT_MS);
    if (packet !== undefined) say(life, transfer, client.receive(packet));
  }
  for (const until = life.in(STALL_MS); ; ) {
    const event = yield until;
    if (event.on === 'timeout') break;
  }
  const why =
    packets > 0 ? `it fell silent after ${packets} packets` : 'its first block never arrived: packets of this size are lost on the way';
  return { got: 'nothing', why };
}

/** Asks for the size and breaks off; a refusal is the answer to the whole request. */
function* probeSize(
  life: Life,
  place: Place,
  { options, code, message }: { readonly options: readonly TftpOption[]; readonly code: number; readonly message: string },
): Course<TftpOutcome | undefined> {
  const begun = yield* begin(life, place, 'rrq', options);
  if ('got' in begun) return begun;
  const size = begun.answer.type === 'oack' ? begun.answer.options.find(({ name }) => name === 'tsize')?.value : undefined;
  life.thinks(size === undefined ? 'learns no size' : `learns that it has ${size} octets, and asks for it anew`);
  say(life, begun.transfer, [{ type: 'error', code, message }]);
  return undefined;
}

function* nextPacket(life: Life, { port, peer }: Transfer, ms: number): Course<TftpPacket | undefined> {
  const until = life.in(ms);
  for (;;) {
    const event = yield until;
    if (event.on === 'timeout') return undefined;
    if (event.on !== 'datagram' || event.toPort !== port) continue;
    const packet = decodePacket(event.octets);
    if (event.from.address === peer.address && event.from.port === peer.port) {
      if (packet.ok) return packet.value;
    } else say(life, { port, peer: event.from }, [{ type: 'error', code: ERROR_CODE.unknownTransfer, message: 'Unknown transfer ID' }]);
  }
}

function say(life: Life, { port, peer }: Transfer, packets: readonly TftpPacket[]): void {
  for (const packet of packets) life.act({ do: 'udp', octets: encodePacket(packet), fromPort: port, to: peer });
}

/** What the server granted; a DATA at once means that it granted nothing (RFC 2347 §3). */
function agreed(answer: TftpPacket): { readonly blockSize: number; readonly window: number } {
  const granted = (name: string, otherwise: number): number => {
    const value = answer.type === 'oack' ? answer.options.find((option) => option.name.toLowerCase() === name)?.value : undefined;
    return value === undefined ? otherwise : Number(value);
  };
  return { blockSize: granted('blksize', PLAIN_BLOCK), window: granted('windowsize', 1) };
}

function errorText({ code, message }: { readonly code: number; readonly message: string }): string {
  return `error ${code}${message === '' ? '' : `, ${message}`}`;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
