/** DNS over TCP: messages one after another, each behind its length in two octets (RFC 1035 §4.2.2, RFC 7766 §8). */

/** A message with its length before it. */
export function framed(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(2 + message.length);
  frame.set([message.length >> 8, message.length & 0xff]);
  frame.set(message, 2);
  return frame;
}

/** Takes a stream in pieces and gives its messages. */
export class MessageStream {
  readonly #onMessage: (message: Uint8Array) => void;
  #kept: Uint8Array = new Uint8Array();

  constructor(onMessage: (message: Uint8Array) => void) {
    this.#onMessage = onMessage;
  }

  take(piece: Uint8Array): void {
    const joined = new Uint8Array(this.#kept.length + piece.length);
    joined.set(this.#kept);
    joined.set(piece, this.#kept.length);
    let at = 0;
    for (;;) {
      const length = ((joined[at] ?? 0) << 8) | (joined[at + 1] ?? 0);
      if (joined.length - at < 2 + length || joined.length - at < 2) break;
      this.#onMessage(joined.slice(at + 2, at + 2 + length));
      at += 2 + length;
    }
    this.#kept = joined.slice(at);
  }
}
