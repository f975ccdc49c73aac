'use client';

import type { ConsoleControl, ConsolePeople } from '../../../server/console/protocol.ts';
import { Button, Icon } from '../../_ui/index.ts';

export interface PeopleBarProps {
  people: ConsolePeople | null;
  onControl: (control: ConsoleControl) => void;
}

/** Who is in the terminal, who drives, and the ways to change that. Nothing while one is alone. */
export function PeopleBar({ people, onControl }: PeopleBarProps) {
  const me = people?.people.find(({ id }) => id === people.you);
  // Who may only watch is told also while nobody else is there.
  if (people === null || (people.people.length < 2 && me?.mayDrive !== false)) return null;
  const driver = people.people.find(({ id }) => id === people.driver);
  const asking = people.people.filter(({ id, isAsking }) => isAsking && id !== people.you);
  const drives = people.driver === people.you;
  const others = people.people.filter(({ id }) => id !== people.you && id !== people.driver);
  return (
    <div
      role="status"
      aria-label="people in this terminal"
      className="flex flex-wrap items-center gap-2 border-line border-b bg-surface px-3 py-1 text-sm"
    >
      <Icon name="user" className="text-muted" />
      <span className="wrap-anywhere min-w-0 flex-1">
        {drives ? 'You drive' : driver ? `${driver.name} drives, you watch` : 'Nobody drives, you watch'}
        {me?.mayDrive === false && <strong> · read-only: you may only watch</strong>}
        {others.length > 0 &&
          ` · ${others.map(({ name }) => name).join(', ')} ${others.length > 1 ? 'watch' : 'watches'}`}
        {drives && asking.length > 0 && (
          <strong className="ml-2">{asking.map(({ name }) => name).join(', ')} asks for control</strong>
        )}
      </span>
      {drives &&
        asking.map(({ id, name }) => (
          <Button key={id} look="primary" onClick={() => onControl({ do: 'give', to: id })}>
            Give control to {name}
          </Button>
        ))}
      {drives &&
        others
          .filter(({ mayDrive, isAsking }) => mayDrive && !isAsking)
          .map(({ id, name }) => (
            <Button key={id} look="quiet" onClick={() => onControl({ do: 'give', to: id })}>
              Hand over to {name}
            </Button>
          ))}
      {drives && asking.length > 0 && <Button onClick={() => onControl({ do: 'refuse' })}>Not now</Button>}
      {!drives && me?.mayDrive && (
        <>
          <Button
            disabledReason={me.isAsking ? 'the one who drives was told' : null}
            onClick={() => onControl({ do: 'ask' })}
          >
            {me.isAsking ? 'Asked for control' : 'Ask for control'}
          </Button>
          <Button look="quiet" onClick={() => onControl({ do: 'take' })}>
            Take over
          </Button>
        </>
      )}
    </div>
  );
}
