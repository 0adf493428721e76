/** The last lines of the log for the console: texts are made when somebody reads them, with what is known of the device by then. */
import type { Level } from '../../events/events.ts';
import { type Identify, lineOf } from '../../observe/line.ts';
import type { RecentEvent, RecentEvents } from '../../observe/recent-events.ts';
import type { LogQuery, LogSource } from '../../web/api/log-routes.ts';
import type { LogLineShape } from '../../web/api/log-shapes.ts';
import { WaitingReaders } from './waiting-readers.ts';

/** Lines of one message; a reader that falls further behind loses the oldest. */
const MOST_AT_ONCE = 300;

const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error'];

const NO_VENDOR = (): undefined => undefined;

export class ToldLog implements LogSource {
  readonly #recent: RecentEvents;
  readonly #identify: Identify;
  readonly #readers = new WaitingReaders();
  #stopListening: (() => void) | undefined;

  constructor(recent: RecentEvents, identify: Identify) {
    this.#recent = recent;
    this.#identify = identify;
  }

  page({ level, device, event, text, before = Number.POSITIVE_INFINITY, limit }: LogQuery): LogLineShape[] {
    const wanted = text?.toLowerCase();
    const lines: LogLineShape[] = [];
    for (const one of this.#recent.newestFirst()) {
      if (lines.length === limit) break;
      if (one.id >= before || (level !== undefined && LEVELS.indexOf(one.level) < LEVELS.indexOf(level)) || !isOfKind(one, event)) continue;
      const line = this.#lineOf(one);
      if (wanted !== undefined && !line.text.toLowerCase().includes(wanted)) continue;
      if (device !== undefined && !isAbout(line, device.toLowerCase())) continue;
      lines.push(line);
    }
    return lines.toReversed();
  }

  readonly subscribe: LogSource['subscribe'] = (onWaiting) => {
    this.#stopListening ??= this.#recent.onNew(this.#readers.news);
    let { lastId } = this.#recent;
    const feed = this.#readers.add(onWaiting, () => {
      const lines: LogLineShape[] = [];
      for (const one of this.#recent.newestFirst()) {
        if (one.id <= lastId || lines.length === MOST_AT_ONCE) break;
        lines.push(this.#lineOf(one));
      }
      const missed = this.#recent.lastId - lastId - lines.length;
      lastId = this.#recent.lastId;
      return { lines: lines.toReversed(), missed };
    });
    return {
      take: () => feed.take(),
      close: () => {
        feed.close();
        if (!this.#readers.isEmpty) return;
        this.#stopListening?.();
        this.#stopListening = undefined;
      },
    };
  };

  #lineOf({ id, at, level, event }: RecentEvent): LogLineShape {
    const { text, fields } = lineOf(event, this.#identify, NO_VENDOR);
    const { address, mac, name } = fields;
    const device = mac ?? address;
    return {
      id,
      at,
      level,
      event: event.type,
      text,
      ...(device !== undefined && { device }),
      ...(name !== undefined && { name }),
      ...(address !== undefined && { address }),
    };
  }
}

function isOfKind({ event: { type } }: RecentEvent, wanted: string | undefined): boolean {
  return wanted === undefined || type === wanted || (wanted.endsWith('.') && type.startsWith(wanted));
}

function isAbout({ device, name, address }: LogLineShape, wanted: string): boolean {
  return [device, name, address].some((one) => one?.toLowerCase() === wanted);
}
