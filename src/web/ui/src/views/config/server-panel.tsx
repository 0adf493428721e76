/** The server itself: what it serves where, what it does not serve and why, and what it cannot do on this machine. */
import type { JSX } from 'preact';
import type { ServerStateShape } from '../../../../api/server-shapes.ts';
import { clock } from '../../clock.ts';
import { server } from '../../live.ts';
import { Badge } from '../../parts/badge.tsx';
import { countText, exactText, spanText } from '../../parts/quantities.ts';

export function ServerPanel(): JSX.Element | null {
  const state = server.value;
  if (state === undefined) return null;
  const { version, host, startedAt, networks, services, limits } = state;
  const faults = [...networks.filter(({ isServed, mode }) => !isServed && mode !== 'off'), ...services.filter(({ isServed }) => !isServed)];
  return (
    <details class="server panel">
      <summary>
        <strong>{host}</strong>
        <span class="faint">
          Bootlace {version}, <span title={exactText(startedAt)}>up {spanText(clock.value - startedAt)}</span>
        </span>
        {faults.length > 0 && <Badge tone="bad">{countText(faults.length, 'thing')} not served</Badge>}
        {limits.length > 0 && <Badge tone="warn">{countText(limits.length, 'limit')}</Badge>}
        {faults.length === 0 && limits.length === 0 && <Badge tone="good">Everything is served</Badge>}
      </summary>
      <div class="server-body">
        <Served title="Networks" rows={networks.map(networkRow)} />
        <Served title="Services" rows={services} />
        {limits.length > 0 && (
          <section class="readers">
            <h2>Limits of this machine</h2>
            <ul>
              {limits.map((limit) => (
                <li key={limit}>{limit}</li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </details>
  );
}

type Row = ServerStateShape['services'][number];

function networkRow({ name, isServed, interface: card, address, mode, why }: ServerStateShape['networks'][number]): Row {
  const where = [address, card, mode === 'server' ? undefined : mode].filter((part) => part !== undefined).join(', ');
  return { name, isServed, where, ...(why === undefined ? {} : { why }) };
}

function Served({ title, rows }: { title: string; rows: readonly Row[] }): JSX.Element {
  return (
    <section class="readers">
      <h2>{title}</h2>
      <ul>
        {rows.map(({ name, isServed, where, why }) => (
          <li key={name}>
            <strong>{name}</strong>
            <span class="mono faint">{where}</span>
            {!isServed && <span class="server-why">not served: {why ?? 'switched off'}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
