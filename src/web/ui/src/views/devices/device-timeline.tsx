/** What a device did, attempt by attempt; an entry opens to the packets behind it. */
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { DecodedPacketShape, TimelineEntryShape } from '../../../../api/device-shapes.ts';
import { EmptyState, Loading, ProblemPanel } from '../../parts/empty-state.tsx';
import { Icon } from '../../parts/icons.tsx';
import { countText, dayText, exactText, timeOfDayText } from '../../parts/quantities.ts';
import { Time } from '../../parts/time.tsx';
import { useAnswer } from '../../use-answer.ts';
import { PacketPanel } from './packet-panel.tsx';
import { type Attempt, attemptsOf, lookOf, packetsOf } from './timeline-groups.ts';

export interface DeviceTimelineProps {
  readonly id: string;
  readonly entries: readonly TimelineEntryShape[];
}

export function DeviceTimeline({ id, entries }: DeviceTimelineProps): JSX.Element {
  const attempts = useMemo(() => attemptsOf(entries), [entries]);
  return (
    <section class="panel" aria-labelledby="timeline-title">
      <header class="panel-head">
        <h2 id="timeline-title">Timeline</h2>
        <span class="panel-about">the last attempt first</span>
      </header>
      {attempts.length === 0 && <EmptyState icon="log" title="Nothing is kept of this device" />}
      {attempts.map((attempt, index) => (
        <AttemptPart key={attempt.id} id={id} attempt={attempt} isOpen={index === 0} />
      ))}
    </section>
  );
}

function AttemptPart({ id, attempt, isOpen }: { readonly id: string; readonly attempt: Attempt; readonly isOpen: boolean }): JSX.Element {
  return (
    <details class="attempt" open={isOpen}>
      <summary>
        <Icon name="right" size={16} />
        <h3>
          {dayText(attempt.at)}, {timeOfDayText(attempt.at)}
        </h3>
        <span class="attempt-about">{countText(attempt.entries.length, 'entry', 'entries')}</span>
        <Time at={attempt.at} />
      </summary>
      <ol class="entries">
        {attempt.entries.map((entry) => (
          <Entry key={entry.id} id={id} entry={entry} />
        ))}
      </ol>
    </details>
  );
}

function Entry({ id, entry }: { readonly id: string; readonly entry: TimelineEntryShape }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const { icon, tone } = lookOf(entry.event);
  return (
    <li class={`entry tone-${tone}`}>
      <button type="button" class="entry-line" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span class="entry-mark">
          <Icon name={icon} size={16} />
        </span>
        <time class="entry-time" dateTime={new Date(entry.at).toISOString()} title={exactText(entry.at)}>
          {timeOfDayText(entry.at)}
        </time>
        <span class="entry-words">
          <span class="entry-what">
            <bdi>{entry.what}</bdi>
            {entry.count > 1 && <span class="entry-count">×{entry.count}</span>}
          </span>
          <span class="entry-text">
            <bdi>{entry.text}</bdi>
          </span>
        </span>
      </button>
      {isOpen && <EntryPackets id={id} entry={entry} />}
    </li>
  );
}

function EntryPackets({ id, entry }: { readonly id: string; readonly entry: TimelineEntryShape }): JSX.Element {
  const answer = useAnswer<{ packets: DecodedPacketShape[] }>(`/devices/${encodeURIComponent(id)}/packets`, entry.count);
  if (answer.problem !== undefined) return <ProblemPanel problem={answer.problem} onRetry={answer.reload} />;
  if (answer.value === undefined) return <Loading what="packets" />;
  const packets = packetsOf(entry, answer.value.packets);
  return (
    <div class="entry-packets">
      {entry.count > 1 && (
        <p class="entry-again">
          {countText(entry.count, 'time')} in a row, the last <Time at={entry.lastAt} />.
        </p>
      )}
      {packets.length === 0 ? (
        <p class="entry-again">
          No packet of it is in memory: none belongs to it, or the server, which keeps only the last ones, has it no more.
        </p>
      ) : (
        packets.map((packet) => <PacketPanel key={`${packet.at} ${packet.direction} ${packet.summary}`} packet={packet} />)
      )}
    </div>
  );
}
