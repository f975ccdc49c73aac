'use client';

import type { Party, Reach } from '../../../server/network/reach-schema.ts';
import { cx, useNarrow } from '../../_ui/index.ts';

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where each party is, for a wide page and for a narrow one. */
const WIDE: Record<Party, Box> = {
  outside: { x: 10, y: 20, width: 180, height: 64 },
  host: { x: 310, y: 20, width: 180, height: 64 },
  other: { x: 610, y: 20, width: 180, height: 64 },
  guests: { x: 220, y: 196, width: 360, height: 84 },
};
const NARROW: Record<Party, Box> = {
  outside: { x: 6, y: 14, width: 108, height: 64 },
  host: { x: 126, y: 14, width: 108, height: 64 },
  other: { x: 246, y: 14, width: 108, height: 64 },
  guests: { x: 30, y: 196, width: 300, height: 84 },
};
const HEIGHT = 296;
const TITLE: Record<Party, string> = {
  outside: 'Outside',
  host: 'Host',
  other: 'Other Berths',
  guests: 'Guests',
};

/** The network at a glance. The table beside it says the same in words, so that nothing hangs on seeing this. */
export function ReachDrawing(props: {
  reaches: readonly Reach[];
  /** Below the name of each party. */
  notes: Partial<Record<Party, string>>;
  /** Below which name somebody is chosen; null: nobody. */
  self: Party | null;
}) {
  const { reaches, notes, self } = props;
  const isNarrow = useNarrow();
  const places = isNarrow ? NARROW : WIDE;
  const width = isNarrow ? 360 : 800;
  const between = (party: Party) => ({
    out: summaryOf(reaches, 'guests', party),
    in: summaryOf(reaches, party, 'guests'),
  });
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      className="w-full max-w-4xl"
      fontFamily="inherit"
    >
      <defs>
        {(['ok', 'bad'] as const).map((tone) => (
          <marker
            key={tone}
            id={`reach-${tone}`}
            viewBox="0 0 8 8"
            refX={7}
            refY={4}
            markerWidth={7}
            markerHeight={7}
            orient="auto"
          >
            <path d="M0 0 8 4 0 8z" className={tone === 'ok' ? 'fill-ok' : 'fill-bad'} />
          </marker>
        ))}
      </defs>
      {(['outside', 'host', 'other'] as const).map((party) => (
        <Lines
          key={party}
          top={places[party]}
          bottom={places.guests}
          {...between(party)}
          isNarrow={isNarrow}
        />
      ))}
      {(['outside', 'host', 'other', 'guests'] as const).map((party) => (
        <PartyBox
          key={party}
          box={places[party]}
          title={TITLE[party]}
          note={notes[party] ?? ''}
          isSelf={party === self}
        />
      ))}
    </svg>
  );
}

/** What holds from one to another: all, a part of it, or nothing. */
type Summary = { allowed: 'all' | 'some' | 'none'; text: string };

function summaryOf(reaches: readonly Reach[], from: Party, to: Party): Summary | null {
  const between = reaches.filter((one) => one.from === from && one.to === to);
  if (between.length === 0) return null;
  const open = between.filter(({ verdict }) => verdict === 'allowed');
  if (open.length === between.length) return { allowed: 'all', text: 'all' };
  if (open.length === 0) return { allowed: 'none', text: from === 'outside' ? 'answers only' : 'nothing' };
  return { allowed: 'some', text: open.map(({ ports }) => /\((.*)\)/.exec(ports)?.[1] ?? ports).join(', ') };
}

function Lines(props: { top: Box; bottom: Box; out: Summary | null; in: Summary | null; isNarrow: boolean }) {
  const { top, bottom, isNarrow } = props;
  const middle = top.x + top.width / 2;
  const y1 = top.y + top.height;
  const clamped = (x: number) => Math.min(Math.max(x, bottom.x + 30), bottom.x + bottom.width - 30);
  const shift = isNarrow ? 16 : 30;
  const lines = [
    { of: props.out, x: middle - shift, isUp: true },
    { of: props.in, x: middle + shift, isUp: false },
  ];
  return lines.map(({ of, x, isUp }) => {
    if (!of) return null;
    const high = { x, y: y1 + 2 };
    const low = { x: clamped(x), y: bottom.y - 2 };
    // Beside the line, away from its neighbour.
    const share = isUp ? 0.72 : 0.34;
    const at = { x: high.x + (low.x - high.x) * share, y: high.y + (low.y - high.y) * share };
    const ends = isUp ? { from: low, to: high } : { from: high, to: low };
    return <Line key={isUp ? 'out' : 'in'} of={of} {...ends} at={at} size={isNarrow ? 11 : 12} />;
  });
}

interface Point {
  x: number;
  y: number;
}

function Line({ of, from, to, at, size }: { of: Summary; from: Point; to: Point; at: Point; size: number }) {
  const isOpen = of.allowed !== 'none';
  return (
    <g>
      <line
        x1={from.x}
        y1={from.y}
        x2={to.x}
        y2={to.y}
        strokeWidth={1.5}
        strokeDasharray={of.allowed === 'all' ? undefined : isOpen ? '6 4' : '2 4'}
        className={isOpen ? 'stroke-ok' : 'stroke-bad'}
        markerEnd={`url(#reach-${isOpen ? 'ok' : 'bad'})`}
      />
      <text
        {...at}
        textAnchor="middle"
        fontSize={size}
        strokeWidth={5}
        paintOrder="stroke"
        className={cx('stroke-canvas', isOpen ? 'fill-ok' : 'fill-bad')}
      >
        {of.text}
      </text>
    </g>
  );
}

function PartyBox({ box, title, note, isSelf }: { box: Box; title: string; note: string; isSelf: boolean }) {
  const middle = box.x + box.width / 2;
  return (
    <g>
      <rect
        {...box}
        rx={8}
        strokeWidth={isSelf ? 2 : 1}
        className={cx(isSelf ? 'fill-selected stroke-accent' : 'fill-surface stroke-line-strong')}
      />
      <text
        x={middle}
        y={box.y + box.height / 2 - 2}
        textAnchor="middle"
        fontSize={14}
        fontWeight={600}
        className="fill-ink"
      >
        {title}
      </text>
      <text
        x={middle}
        y={box.y + box.height / 2 + 17}
        textAnchor="middle"
        fontSize={11}
        className="fill-muted"
      >
        {note}
      </text>
    </g>
  );
}
