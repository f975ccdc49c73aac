'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Present } from '../../../server/presence/schema.ts';
import { useMyName, useTRPC } from '../../_trpc/index.ts';
import { cx, Tooltip } from '../../_ui/index.ts';
import { doingWords, initialsOf } from './doing-words.ts';

const NOBODY: Present[] = [];

/** The others who look at a guest; changes as they come and go. */
function useOthers(guest: string): Present[] {
  const trpc = useTRPC();
  const me = useMyName();
  const select = useCallback(
    (presence: Record<string, Present[]>) => presence[guest]?.filter(({ name }) => name !== me) ?? NOBODY,
    [guest, me],
  );
  return useQuery(trpc.presence.list.queryOptions(undefined, { select })).data ?? NOBODY;
}

/** Their initials, close together; how many more there are. Says nothing by itself. */
function Initials({ people, most, large }: { people: readonly Present[]; most: number; large?: boolean }) {
  const shown = people.length > most ? people.slice(0, most - 1) : people;
  const face = cx(
    'inline-flex items-center justify-center rounded-full border px-0.5',
    large ? 'h-6 min-w-6 text-[11px]' : 'h-5 min-w-5 text-[10px]',
  );
  return (
    <span aria-hidden="true" className="inline-flex shrink-0 gap-0.5">
      {shown.map(({ name, isIdle }) => (
        <span
          key={name}
          className={cx(
            face,
            'font-semibold',
            isIdle ? 'border-line border-dashed text-muted' : 'border-line-strong bg-sunken text-ink',
          )}
        >
          {initialsOf(name)}
        </span>
      ))}
      {shown.length < people.length && (
        <span className={cx(face, 'border-line text-muted')}>+{people.length - shown.length}</span>
      )}
    </span>
  );
}

function Lines({ people }: { people: readonly Present[] }) {
  return (
    <span className="wrap-anywhere flex flex-col">
      {people.slice(0, 12).map((person) => (
        <span key={person.name}>{doingWords(person)}</span>
      ))}
      {people.length > 12 && <span>and {people.length - 12} more</span>}
    </span>
  );
}

const sentence = (people: readonly Present[]) => `Here now: ${people.map(doingWords).join('; ')}`;

/** Who else looks at a guest, at the top of its pages. */
export function HereNow({ guest }: { guest: string }) {
  const others = useOthers(guest);
  if (others.length === 0) return null;
  return (
    <Tooltip text={<Lines people={others} />}>
      <button type="button" aria-label={sentence(others)} className="inline-flex cursor-default rounded-full">
        <Initials people={others} most={6} large />
      </button>
    </Tooltip>
  );
}

/** The same beside the name in a dense row. */
export function HereMark({ guest }: { guest: string }) {
  const others = useOthers(guest);
  if (others.length === 0) return null;
  return (
    <Tooltip text={<Lines people={others} />}>
      <span role="img" aria-label={sentence(others)} className="inline-flex">
        <Initials people={others} most={2} />
      </span>
    </Tooltip>
  );
}

/** The same as names, for a column. */
export function HereNames({ guest }: { guest: string }) {
  const others = useOthers(guest);
  if (others.length === 0) return <span className="text-muted">–</span>;
  return (
    <Tooltip text={<Lines people={others} />}>
      <span className="truncate">{others.map(({ name }) => name).join(', ')}</span>
    </Tooltip>
  );
}
