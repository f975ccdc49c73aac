'use client';

import '@xterm/xterm/css/xterm.css';
import { type KeyboardEvent, useRef } from 'react';
import { Checkbox, IconButton, Select } from '../../_ui/index.ts';
import { type Cast, formatClock } from './cast.ts';
import { PlayerAside } from './player-aside.tsx';
import type { Mark } from './use-marks.ts';
import { usePlayer } from './use-player.ts';

const SPEEDS = ['0.5', '1', '2', '4', '8', '16'] as const;
/** Seconds that an arrow goes. */
const STEP = 5;

/** A recording as it was: a terminal that is only looked at, and everything that moves it through time. */
export function Player({ id, cast, marks }: { id: string; cast: Cast; marks: Mark[] }) {
  const host = useRef<HTMLDivElement>(null);
  const { state, player } = usePlayer(host, cast, id);
  const seek = (time: number) => void player.current?.seek(time);

  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    const isText = target instanceof HTMLInputElement && target.type === 'search';
    if (isText) return;
    const isButton = target?.closest('button, a, [role=combobox], input[type=checkbox]');
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (event.key === ' ' && !isButton) player.current?.toggle();
    else if (step !== undefined) seek(state.time + step);
    else if (event.key === 'Home') seek(0);
    else if (event.key === 'End') seek(cast.duration);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col border-line border-t lg:flex-row" onKeyDownCapture={onKey}>
      <section aria-label="player" className="flex min-h-80 min-w-0 flex-1 flex-col">
        <div className="relative min-h-0 flex-1 bg-[light-dark(#ffffff,#0e1013)]">
          <div
            ref={host}
            className="absolute inset-0 isolate overflow-hidden pt-1 pl-2"
            data-recording={id}
          />
        </div>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-t bg-surface px-3 py-2">
          <IconButton
            icon={state.isPlaying ? 'stop' : 'play'}
            label={state.isPlaying ? 'Pause' : 'Play'}
            shortcut="Space"
            onClick={() => player.current?.toggle()}
          />
          <span className="font-mono text-sm tabular-nums" role="timer" aria-label="time">
            {formatClock(state.time)} / {formatClock(cast.duration)}
          </span>
          <div className="relative min-w-40 flex-1">
            <input
              type="range"
              aria-label="moment"
              aria-valuetext={formatClock(state.time)}
              min={0}
              max={Math.max(cast.duration, 0.001)}
              step="any"
              value={state.time}
              onChange={(event) => seek(event.currentTarget.valueAsNumber)}
              className="h-6 w-full accent-accent"
            />
            <MarkTicks marks={marks} duration={cast.duration} />
          </div>
          <Select
            aria-label="speed"
            value={String(state.speed)}
            options={SPEEDS.map((speed) => ({ value: speed as string, label: `${speed}×` }))}
            onChange={(speed) => player.current?.setSpeed(Number(speed))}
            className="w-20!"
          />
          <Checkbox
            checked={state.skipsPauses}
            label="Skip pauses"
            onChange={(skips) => player.current?.setSkipsPauses(skips)}
          />
        </div>
      </section>
      <PlayerAside cast={cast} marks={marks} onSeek={seek} />
    </div>
  );
}

/** Where marks lie on the slider; the list beside it says what they are. */
function MarkTicks({ marks, duration }: { marks: Mark[]; duration: number }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 1000 4"
      preserveAspectRatio="none"
      className="pointer-events-none absolute inset-x-2 -bottom-0.5 h-1 w-[calc(100%-16px)]"
    >
      {marks.map(({ id, time }) => (
        <rect
          key={id}
          x={(time / Math.max(duration, 0.001)) * 996}
          y={0}
          width={4}
          height={4}
          className="fill-accent"
        />
      ))}
    </svg>
  );
}
