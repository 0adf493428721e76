/** A line of the log. */
import type { JSX } from 'preact';
import type { LogLineShape } from '../../../../api/log-shapes.ts';
import { IconButton } from '../../parts/button.tsx';
import { exactText, timeOfDayText } from '../../parts/quantities.ts';
import { hrefOf } from '../../router.ts';

export interface LogRowProps {
  readonly line: LogLineShape;
  /** The oldest of all. */
  readonly isFirst: boolean;
  readonly onMeaning: (event: string) => void;
  readonly onCopy: () => void;
}

export function LogRow({ line, isFirst, onMeaning, onCopy }: LogRowProps): JSX.Element {
  const { at, level, event, device, name, address, text } = line;
  const who = name ?? address ?? device;
  return (
    <>
      {isFirst && <p class="log-begin">The log begins here</p>}
      <div class={`log-line log-${level}`}>
        <time class="log-time" dateTime={new Date(at).toISOString()} title={exactText(at)}>
          {timeOfDayText(at)}
        </time>
        <span class="log-level">{level}</span>
        <span class="log-who">{device === undefined ? who : <a href={hrefOf('devices', device)}>{who}</a>}</span>
        <span class="log-text">{text}</span>
        <button type="button" class="log-event" title="What it means, and what to do" onClick={() => onMeaning(event)}>
          {event}
        </button>
        <IconButton label="Copy this line" icon="copy" onClick={onCopy} />
      </div>
    </>
  );
}

/** As the terminal has it, with the day. */
export function copiedLine({ at, level, name, address, text, event }: LogLineShape): string {
  return [new Date(at).toISOString(), level.padEnd(5), address, name, text, `[${event}]`].filter((part) => part !== undefined).join(' ');
}
