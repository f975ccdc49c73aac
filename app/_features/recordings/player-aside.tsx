'use client';

import { type ReactNode, useMemo, useState } from 'react';
import { TextInput } from '../../_ui/index.ts';
import { type Cast, formatClock } from './cast.ts';
import { MOST_RESULTS, searchCast, textOf } from './cast-search.ts';
import type { Mark } from './use-marks.ts';

const SOURCES: Record<Mark['source'], string> = {
  recording: 'here',
  operation: 'operation',
  audit: 'audit',
  kernel: 'kernel',
};

/** Beside the player: search over its text, and what happened meanwhile; each result is a jump. */
export function PlayerAside({
  cast,
  marks,
  onSeek,
}: {
  cast: Cast;
  marks: Mark[];
  onSeek: (time: number) => void;
}) {
  const [wanted, setWanted] = useState('');
  const text = useMemo(() => textOf(cast), [cast]);
  const results = useMemo(() => searchCast(text, wanted), [text, wanted]);
  const isSearching = wanted.trim() !== '';
  return (
    <aside
      aria-label="search and marks"
      className="flex max-h-64 min-h-0 shrink-0 flex-col border-line border-t lg:max-h-none lg:w-80 lg:border-t-0 lg:border-l"
    >
      <div className="flex flex-col gap-1 border-line border-b p-3">
        <TextInput
          type="search"
          aria-label="Search the text"
          placeholder="Search the text"
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <span role="status" className="text-muted text-xs">
          {isSearching
            ? `${results.length}${results.length === MOST_RESULTS ? ' or more' : ''} found`
            : marks.length === 0
              ? 'Nothing else happened to the guest meanwhile'
              : 'What happened meanwhile'}
        </span>
      </div>
      <ul className="min-h-0 flex-1 overflow-y-auto py-1">
        {isSearching
          ? results.map(({ at, time, line }) => (
              <Jump key={at} time={time} onSeek={onSeek}>
                <span className="wrap-anywhere font-mono text-sm">{line}</span>
              </Jump>
            ))
          : marks.map(({ id, time, what, source }) => (
              <Jump key={id} time={time} onSeek={onSeek}>
                <span className="wrap-anywhere text-sm">
                  {what} <span className="text-muted">({SOURCES[source]})</span>
                </span>
              </Jump>
            ))}
      </ul>
    </aside>
  );
}

function Jump(props: { time: number; onSeek: (time: number) => void; children: ReactNode }) {
  const { time, onSeek, children } = props;
  return (
    <li>
      <button
        type="button"
        onClick={() => onSeek(time)}
        className="flex w-full items-baseline gap-2 px-3 py-1 text-left hover:bg-hover"
      >
        <span className="shrink-0 font-mono text-accent text-sm tabular-nums">{formatClock(time)}</span>
        {children}
      </button>
    </li>
  );
}
