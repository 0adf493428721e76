/** A packet, decoded: what each part of it says, beside its octets. A field that is looked at marks where it lies. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { DecodedPacketShape, PacketFieldShape } from '../../../../api/device-shapes.ts';
import { Badge } from '../../parts/badge.tsx';
import { isNarrow } from '../../parts/narrow.ts';
import { Time } from '../../parts/time.tsx';

type Octets = NonNullable<PacketFieldShape['octets']>;

export function PacketPanel({ packet }: { readonly packet: DecodedPacketShape }): JSX.Element {
  const [marked, setMarked] = useState<Octets>();
  return (
    <article class="packet">
      <header class="packet-head">
        <Badge tone={packet.direction === 'in' ? 'busy' : 'calm'}>{packet.direction === 'in' ? 'received' : 'sent'}</Badge>
        <h4>
          <bdi>{packet.summary}</bdi>
        </h4>
        <span class="packet-way">
          {packet.from} → {packet.to}
        </span>
        <Time at={packet.at} />
      </header>
      <div class="packet-body">
        <ul class="packet-fields" aria-label="Fields">
          {packet.fields.map((field, index) => (
            <FieldLine key={index} field={field} isMarked={field.octets !== undefined && field.octets === marked} onMark={setMarked} />
          ))}
        </ul>
        <HexView hex={packet.hex} marked={marked} />
      </div>
    </article>
  );
}

interface FieldLineProps {
  readonly field: PacketFieldShape;
  readonly isMarked: boolean;
  readonly onMark: (octets: Octets | undefined) => void;
}

function FieldLine({ field, isMarked, onMark }: FieldLineProps): JSX.Element {
  const mark = (): void => onMark(field.octets);
  return (
    <li>
      <button type="button" class="packet-field" aria-pressed={isMarked} onMouseEnter={mark} onFocus={mark} onClick={mark}>
        <span class="packet-field-name">{field.name}</span>
        <span class="packet-field-value">
          <bdi>{field.value === '' ? '–' : field.value}</bdi>
        </span>
      </button>
    </li>
  );
}

/** Octets of a line, where there is room and on a phone. */
const MANY = 16;
const FEW = 8;

function HexView({ hex, marked }: { readonly hex: string; readonly marked: Octets | undefined }): JSX.Element {
  const octets = hex.match(/../g) ?? [];
  const width = isNarrow() ? FEW : MANY;
  const lines = Array.from({ length: Math.ceil(octets.length / width) }, (_, line) => line * width);
  const isMarked = (at: number): boolean => marked !== undefined && at >= marked[0] && at < marked[1];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so has to be reached by the keyboard.
    <section class="hex" tabIndex={0}>
      <h5 class="unseen">{octets.length} octets</h5>
      {lines.map((start) => (
        <div key={start} class="hex-line">
          <span class="hex-at">{start.toString(16).padStart(4, '0')}</span>
          <span class="hex-octets">
            {octets.slice(start, start + width).map((octet, index) => (
              <span key={index} class={isMarked(start + index) ? 'hex-octet hex-marked' : 'hex-octet'}>
                {octet}
              </span>
            ))}
          </span>
          <span class="hex-text">
            {octets.slice(start, start + width).map((octet, index) => (
              <span key={index} class={isMarked(start + index) ? 'hex-marked' : undefined}>
                {printable(octet)}
              </span>
            ))}
          </span>
        </div>
      ))}
    </section>
  );
}

/** The letter of ASCII, or a point. */
function printable(octet: string): string {
  const code = Number.parseInt(octet, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
}
