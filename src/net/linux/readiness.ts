/** Which of many sockets have something to read, epoll(7). */
import { checked, libc } from './libc.ts';

const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;
const MOST_EVENTS = 64;
/** struct epoll_event: events (4) and 8 octets of ours; packed on x64 and nowhere else. */
const EVENT = process.arch === 'x64' ? { octets: 12, dataAt: 4 } : { octets: 16, dataAt: 8 };

export class Readiness {
  /** Readable itself while one of the sockets is. */
  readonly fd: number;
  readonly #events = new Uint8Array(MOST_EVENTS * EVENT.octets);
  readonly #view = new DataView(this.#events.buffer);

  constructor() {
    this.fd = checked(libc().epoll_create1(EPOLL_CLOEXEC), 'watching sockets');
  }

  add(fd: number): void {
    const event = new Uint8Array(EVENT.octets);
    const view = new DataView(event.buffer);
    view.setUint32(0, EPOLLIN, true);
    view.setUint32(EVENT.dataAt, fd, true);
    checked(libc().epoll_ctl(this.fd, EPOLL_CTL_ADD, fd, event), 'watching a socket');
  }

  remove(fd: number): void {
    libc().epoll_ctl(this.fd, EPOLL_CTL_DEL, fd, null);
  }

  /** How many sockets are ready now; `at` names them. Those that did not fit come first the next time. */
  look(): number {
    return Math.max(libc().epoll_wait(this.fd, this.#events, MOST_EVENTS, 0), 0);
  }

  /** Descriptor of ready socket `index` of the last look. */
  at(index: number): number {
    return this.#view.getUint32(index * EVENT.octets + EVENT.dataAt, true);
  }
}
