/** Plays a whole TFTP client on a bench, on whatever line that has. */

import type { ReadingClient, WritingClient } from '../../src/probe/tftp-client.ts';
import type { TftpPacket } from '../../src/tftp/packet.ts';
import { type BenchClient, request, SERVER } from './tftp-bench.ts';

/** What it asks for. */
export interface Asking {
  readonly type: 'rrq' | 'wrq';
  readonly fileName: string;
  readonly options: Readonly<Record<string, number>>;
}

/** It repeats its request until it hears something, and then what it said last; resolves when it has all or gave up. */
export async function playClient(each: BenchClient, player: ReadingClient | WritingClient, asking: Asking): Promise<void> {
  const say = (packets: readonly TftpPacket[]) => {
    for (const packet of packets) each.send(packet);
  };
  let peer: number | undefined;
  each.onPacket = (packet, from) => {
    peer ??= from.port;
    if (from.port === peer) say(player.receive(packet));
  };
  while (!player.isDone && !player.isLost) {
    if (peer === undefined) each.send(request(asking.type, asking.fileName, asking.options), { address: SERVER, port: 69 });
    else say(player.timeout());
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
}
