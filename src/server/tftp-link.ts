/** The main thread's end of the TFTP thread. */
import type { Ipv4 } from '../base/addresses.ts';
import { madeWhenAsked } from '../base/made-when-asked.ts';
import type { BootChoice } from '../boot/boot-choices.ts';
import type { EventBus } from '../events/bus.ts';
import type { AppEvent, Subject } from '../events/events.ts';
import { AwaitedPackets } from './awaited-packets.ts';
import type { FilesConfig } from './live-files.ts';
import type { KeptPacket } from './packet-ring.ts';
import type { TftpNetwork } from './tftp-doors.ts';
import type { TftpNews, TftpOrder, TftpThreadStart } from './tftp-messages.ts';
import { ThreadLink, type ThreadListeners } from './thread-link.ts';

/** As many as the thread remembers: whoever makes up addresses must not fill the memory. */
const MOST_ASKED = 65_536;

export interface TftpLinkParts {
  /** Events of the thread go there, and changes of holders are heard there: to be opened after the one who knows them listens. */
  readonly bus: EventBus;
  readonly whoHas: (address: Ipv4) => Subject;
  /** Resolves when all is known that DHCP has done until now. */
  readonly settled: () => Promise<void>;
  /** Hears what the thread tells in its rehearsal, before it is ready: events that never happened. */
  readonly onRehearsed: (events: readonly AppEvent[]) => void;
  /** The thread ended without being asked to: nobody serves files any more. */
  readonly onDeath: (why: string) => void;
}

/** The thread, as far as it is used here. */
type TftpThread = Pick<ThreadLink<TftpOrder, TftpNews>, 'order' | 'tell' | 'close' | 'ready'>;
type StartThread = (start: TftpThreadStart, listeners: ThreadListeners<TftpNews>) => TftpThread;

const startTftpThread: StartThread = (start, listeners) => new ThreadLink('tftp', start, listeners);

export class TftpLink {
  /** Started when it is asked for the first time. */
  readonly #thread: () => TftpThread;
  readonly #parts: TftpLinkParts;
  /** Addresses that the thread has asked about. */
  readonly #asked = new Set<Ipv4>();
  #unanswered: Ipv4[] = [];
  #isAnswering = false;
  readonly #packets = new AwaitedPackets();
  readonly #stopListening: () => void;

  /** The thread is started by the first order at the latest; what it is ordered before it is ready waits for it. */
  constructor(start: TftpThreadStart, parts: TftpLinkParts, startThread: StartThread = startTftpThread) {
    this.#parts = parts;
    this.#thread = madeWhenAsked(() =>
      startThread(start, {
        onNews: (news) => {
          if (news.say === 'who') this.#answer(news.address);
          else if (news.say === 'packets') this.#packets.came(news);
          else if (news.say === 'rehearsed') parts.onRehearsed(news.events);
          else for (const event of news.events) parts.bus.tell(event);
        },
        onDeath: parts.onDeath,
      }),
    );
    this.#stopListening = parts.bus.listen((event) => {
      if (!CHANGES.has(event.type)) return;
      const { address } = event as Subject;
      if (address !== undefined && this.#asked.has(address)) this.#teach(address);
    });
  }

  /** Starts the thread, where it is not yet. Resolves when it is ready. Rejects with the reason why it cannot start. */
  start(): Promise<void> {
    return this.#thread().ready;
  }

  /** Serves an interface. Rejects with the system's error, and then has no socket there. */
  async listen(network: TftpNetwork): Promise<void> {
    await this.#thread().order({ do: 'listen', network });
  }

  /** Leaves an interface: its transfers are told and end. */
  async unlisten(networkInterface: string): Promise<void> {
    await this.#thread().order({ do: 'unlisten', interface: networkInterface });
  }

  /** Serves by another configuration. Transfers that run go on. */
  async configure(config: FilesConfig): Promise<void> {
    await this.#thread().order({ do: 'configure', config });
    for (const address of this.#asked) this.#teach(address);
  }

  /** Other entries of menus are in force. */
  async choose(choices: readonly BootChoice[]): Promise<void> {
    await this.#thread().order({ do: 'choose', choices });
  }

  /** The last packets of a client that had these addresses, as far as they are still kept, oldest first. */
  packetsOf(addresses: readonly Ipv4[]): Promise<readonly KeptPacket[]> {
    return this.#packets.ask((request) => this.#thread().order({ do: 'packets', request, addresses }));
  }

  close(): Promise<void> {
    this.#stopListening();
    return this.#thread().close({ do: 'close' });
  }

  /** A device asks for its first file as soon as it has its address: who had that before must not pass for the device. */
  #answer(address: Ipv4): void {
    this.#asked.add(address);
    this.#unanswered.push(address);
    if (!this.#isAnswering) void this.#answerAll();
    if (this.#asked.size <= MOST_ASKED) return;
    const [oldest] = this.#asked;
    if (oldest !== undefined) this.#asked.delete(oldest);
  }

  async #answerAll(): Promise<void> {
    this.#isAnswering = true;
    while (this.#unanswered.length > 0) {
      // Whoever asks meanwhile may have its address from later on, and is answered after another look.
      const addresses = this.#unanswered;
      this.#unanswered = [];
      // Where DHCP has ended, what is known is all there is.
      await this.#parts.settled().catch(() => undefined);
      for (const address of addresses) this.#teach(address);
    }
    this.#isAnswering = false;
  }

  #teach(address: Ipv4): void {
    this.#thread().tell({ do: 'learn', address, holder: this.#parts.whoHas(address) });
  }
}

/** Events after which an address may have another holder, or a name. */
const CHANGES: ReadonlySet<AppEvent['type']> = new Set([
  'dhcp.offered',
  'dhcp.informed',
  'boot.answered',
  'lease.bound',
  'lease.released',
  'lease.expired',
  'lease.declined',
]);
