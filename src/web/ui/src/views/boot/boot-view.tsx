/** The menu, what each machine starts from it, and waking machines. */
import './boot.css';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { BootStateShape } from '../../../../api/boot-shapes.ts';
import type { DeviceSummaryShape } from '../../../../api/device-shapes.ts';
import { ask } from '../../api.ts';
import { devices } from '../../live.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DeviceLink } from '../../parts/device-link.tsx';
import { EmptyState, Loading, ProblemPanel } from '../../parts/empty-state.tsx';
import { countText } from '../../parts/quantities.ts';
import { SearchBox } from '../../parts/search-box.tsx';
import { Segments } from '../../parts/segments.tsx';
import { fittingColumns } from '../../parts/spare-columns.ts';
import { tellDone, tellFault } from '../../parts/toast.tsx';
import { ViewHead } from '../../parts/view-head.tsx';
import { useAnswer } from '../../use-answer.ts';
import { filterOf, holds, setFilters } from '../filters.ts';
import { ChooseDialog } from './choose-dialog.tsx';

/** A machine, and its choice where it has one. */
interface Machine {
  readonly mac: string;
  readonly name: string | undefined;
  readonly vendor: string | undefined;
  readonly choice: BootStateShape['choices'][number] | undefined;
}

export function BootView(): JSX.Element {
  const { value, problem, reload } = useAnswer<BootStateShape>('/boot');
  const [asked, setAsked] = useState<{ readonly machine: Machine | undefined }>();
  const text = filterOf('text');
  const isAll = filterOf('show') === 'all';
  if (value === undefined)
    return (
      <>
        <ViewHead title="Boot menu" />
        {problem === undefined ? <Loading what="the menu" /> : <ProblemPanel problem={problem} onRetry={reload} />}
      </>
    );
  const everyMachine = machinesOf(value.choices, devices.value);
  // A link of a device opens its choice.
  const linked = filterOf('mac');
  const chosenFor = asked ?? (linked === '' || value.entries.length === 0 ? undefined : { machine: machineOf(everyMachine, linked) });
  const close = (): void => {
    setAsked(undefined);
    setFilters({ mac: '' });
  };
  const machines = everyMachine.filter(({ mac, name, vendor, choice }) => holds(text, mac, name, vendor, choice?.entry));
  const chosen = machines.filter(({ choice }) => choice !== undefined);
  const titleOf = (entry: string): string => value.entries.find(({ name }) => name === entry)?.title ?? `${entry}, which no menu has`;
  const act = (request: Promise<unknown>, done: string): void => {
    request.then(() => {
      tellDone(done);
      reload();
    }, tellFault);
  };
  const acts: MachineActs = {
    titleOf,
    hasMenu: value.entries.length > 0,
    choose: (machine) => setAsked({ machine }),
    clear: ({ mac, name }) => act(ask('DELETE', `/boot/${encodeURIComponent(mac)}`), `${name ?? mac} boots by the configuration again`),
    wake: ({ mac, name }) => act(ask('POST', `/wake/${encodeURIComponent(mac)}`), `${name ?? mac} was sent its wake-up packet`),
  };
  return (
    <>
      <ViewHead
        title="Boot menu"
        about={
          value.entries.length === 0
            ? 'The configuration has no menu'
            : `${countText(value.entries.length, 'entry', 'entries')}, ${countText(chosen.length, 'machine')} with one of its own`
        }
        actions={
          value.entries.length > 0 && (
            <Button kind="primary" icon="plus" onClick={() => setAsked({ machine: undefined })}>
              Choose for a machine
            </Button>
          )
        }
      >
        <SearchBox label="Search machines" value={text} onInput={(typed) => setFilters({ text: typed })} />
        <Segments
          label="Which machines"
          value={isAll ? 'all' : 'chosen'}
          options={[
            { value: 'chosen', title: 'With an entry', count: chosen.length },
            { value: 'all', title: 'All devices', count: machines.length },
          ]}
          onChange={(show) => setFilters({ show: show === 'all' ? show : '' })}
        />
      </ViewHead>
      <MenuEntries entries={value.entries} choices={value.choices} />
      {problem !== undefined && <ProblemPanel problem={problem} onRetry={reload} />}
      <DataTable
        label="Machines"
        items={isAll ? machines : chosen}
        columns={fittingColumns(columnsOf(acts), ['mac'])}
        idOf={({ mac }) => mac}
        card={(machine) => <MachineCard machine={machine} acts={acts} />}
        empty={
          value.entries.length === 0 && text === '' ? (
            <EmptyState icon="boot" title="There is nothing to choose from">
              Machines start the boot file of the configuration. They can be woken all the same: look at all devices.
            </EmptyState>
          ) : (
            <EmptyState icon="boot" title={text === '' ? 'All machines are asked by their menu' : 'No machine fits'}>
              {text === ''
                ? 'Choose an entry for one, and it starts that without asking: once, or from now on.'
                : 'Change the text, or look at all devices.'}
            </EmptyState>
          )
        }
      />
      {chosenFor !== undefined && (
        <ChooseDialog
          entries={value.entries}
          machine={chosenFor.machine === undefined ? undefined : { ...chosenFor.machine, entry: chosenFor.machine.choice?.entry }}
          onClose={close}
          onDone={() => {
            close();
            reload();
          }}
        />
      )}
    </>
  );
}

function machinesOf(choices: BootStateShape['choices'], seen: ReadonlyMap<string, DeviceSummaryShape>): readonly Machine[] {
  const chosen = choices.map(
    (choice): Machine => ({
      mac: choice.mac,
      name: choice.name ?? seen.get(choice.mac)?.name,
      vendor: seen.get(choice.mac)?.vendor,
      choice,
    }),
  );
  const known = new Set(choices.map(({ mac }) => mac));
  const others = [...seen.values()].flatMap(({ mac, name, vendor }): Machine[] =>
    mac === undefined || known.has(mac) ? [] : [{ mac, name, vendor, choice: undefined }],
  );
  return [...chosen, ...others];
}

/** One that was never seen is a machine all the same. */
function machineOf(machines: readonly Machine[], mac: string): Machine {
  return machines.find((machine) => machine.mac === mac) ?? { mac, name: undefined, vendor: undefined, choice: undefined };
}

function MenuEntries({ entries, choices }: BootStateShape): JSX.Element {
  if (entries.length === 0)
    return (
      <p class="view-note">
        With <code>boot.menu</code> in the configuration PXELINUX, GRUB and iPXE show the same menu, and a machine can be told here what to
        start from it.
      </p>
    );
  return (
    <ol class="entries" aria-label="Entries of the menu">
      {entries.map(({ name, title, isDefault }) => {
        const count = choices.filter(({ entry }) => entry === name).length;
        return (
          <li key={name} class="entry">
            <strong>{title}</strong>
            <span class="mono faint">{name}</span>
            <span class="entry-foot">
              {isDefault && <Badge tone="calm">Default</Badge>}
              {count > 0 && <span class="faint">{countText(count, 'machine')}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

interface MachineActs {
  readonly hasMenu: boolean;
  titleOf(entry: string): string;
  choose(machine: Machine): void;
  clear(machine: Machine): void;
  wake(machine: Machine): void;
}

function columnsOf(acts: MachineActs): readonly Column<Machine>[] {
  return [
    {
      key: 'device',
      title: 'Machine',
      track: 'minmax(10rem, 1fr)',
      cell: ({ mac, name, vendor }) => <DeviceLink id={mac} name={name} about={vendor} />,
      sortBy: ({ name, mac }) => name ?? mac,
    },
    { key: 'mac', title: 'MAC', track: '11rem', cell: ({ mac }) => <span class="mono">{mac}</span>, sortBy: ({ mac }) => mac },
    {
      key: 'entry',
      title: 'Starts',
      track: 'minmax(12rem, 1.3fr)',
      cell: (machine) => <Starts machine={machine} acts={acts} />,
      sortBy: ({ choice }) => choice?.entry,
    },
    { key: 'actions', title: 'Actions', track: '15rem', cell: (machine) => <Actions machine={machine} acts={acts} /> },
  ];
}

function Starts({ machine: { choice }, acts }: { machine: Machine; acts: MachineActs }): JSX.Element {
  if (choice === undefined) return <span class="faint">what its menu says</span>;
  return (
    <span class="badges">
      <span>{acts.titleOf(choice.entry)}</span>
      {choice.isOnce && <Badge tone="busy">Once</Badge>}
      <Badge>{choice.by === 'operator' ? 'Chosen here' : 'Configuration'}</Badge>
    </span>
  );
}

function Actions({ machine, acts }: { machine: Machine; acts: MachineActs }): JSX.Element {
  return (
    <span class="row-actions">
      {acts.hasMenu && (
        <Button kind="quiet" onClick={() => acts.choose(machine)}>
          {machine.choice === undefined ? 'Choose' : 'Change'}
        </Button>
      )}
      {machine.choice?.by === 'operator' && (
        <Button kind="quiet" onClick={() => acts.clear(machine)}>
          Clear
        </Button>
      )}
      <Button kind="quiet" icon="wake" onClick={() => acts.wake(machine)}>
        Wake
      </Button>
    </span>
  );
}

function MachineCard({ machine, acts }: { machine: Machine; acts: MachineActs }): JSX.Element {
  return (
    <div class="card-lines">
      <DeviceLink id={machine.mac} name={machine.name} about={machine.mac} />
      <Starts machine={machine} acts={acts} />
      <Actions machine={machine} acts={acts} />
    </div>
  );
}
