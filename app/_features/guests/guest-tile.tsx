'use client';

import { memo } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { Checkbox, cx, formatBytes, formatCores, Icon, Skeleton, type Tone } from '../../_ui/index.ts';
import { HereMark } from '../presence/index.ts';
import { GuestLink } from './guest-columns.tsx';
import { GuestMarks } from './guest-marks.tsx';
import { GuestMenu } from './guest-menu.tsx';
import { guestPressure, PRESSURE_TONE } from './guest-pressure.ts';
import { GuestStateBadge } from './guest-state-badge.tsx';
import { GUEST_TONE } from './guest-tone.ts';
import { TagChips } from './tag-chips.tsx';

export type TileColour = 'state' | 'pressure';

/** The edge of a tile; the words on it say the same. */
export const EDGE: Record<Tone, string> = {
  ok: 'bg-ok',
  cold: 'bg-cold',
  idle: 'bg-line-strong',
  bad: 'bg-bad',
  wait: 'bg-wait',
};
const WORDS: Record<Tone, string> = {
  ok: 'text-muted',
  cold: 'text-muted',
  idle: 'text-muted',
  bad: 'text-bad',
  wait: 'text-wait',
};

export interface GuestTileProps {
  guest: GuestView;
  colour: TileColour;
  selected: boolean;
  /** Its controls can be reached by Tab: it has the focus, or would get it. */
  tabbable: boolean;
  onChoose: (id: string) => void;
}

function PlainGuestTile({ guest, colour, selected, tabbable, onChoose }: GuestTileProps) {
  const { usage, limits } = guest;
  const pressure = guestPressure(guest);
  const pressed = pressure ? PRESSURE_TONE[pressure.level] : 'idle';
  const stands = guest.waitingForMemory ? 'wait' : GUEST_TONE[guest.state].tone;
  const tone = colour === 'pressure' ? pressed : stands;
  return (
    <div
      className={cx(
        'relative flex h-full flex-col justify-between overflow-hidden rounded-md border py-1.5 pr-1.5 pl-3',
        selected ? 'border-accent bg-selected' : 'border-line bg-surface hover:border-line-strong',
      )}
    >
      <span aria-hidden="true" className={cx('absolute inset-y-0 left-0 w-1', EDGE[tone])} />
      <div className="flex min-w-0 items-center gap-2">
        <Checkbox
          label={`choose ${guest.name}`}
          hideLabel
          tabIndex={tabbable ? 0 : -1}
          checked={selected}
          onChange={() => onChoose(guest.id)}
        />
        <span className="flex min-w-0 flex-1 items-center gap-1.5 text-sm">
          <GuestLink guest={guest} />
          <GuestMarks guest={guest} />
          <HereMark guest={guest.id} />
        </span>
        <GuestMenu guest={guest} />
      </div>
      <div className="flex min-w-0 items-center gap-2 pr-1.5">
        <GuestStateBadge guest={guest} plain />
        {guest.tags.length > 0 && (
          <span className="ml-auto min-w-0">
            <TagChips tags={guest.tags} most={1} />
          </span>
        )}
      </div>
      <div className="flex min-w-0 justify-between gap-2 pr-1.5 text-muted text-xs">
        {usage ? (
          <>
            <span className="truncate">
              {formatCores(usage.cpu ?? 0)} of {formatCores(limits.cpu)} cpu · {formatBytes(usage.memory)}
            </span>
            {pressure && (
              <span
                title={`pressure: ${pressure.level}; ${pressure.words}`}
                className={cx('inline-flex shrink-0 items-center gap-1', WORDS[pressed])}
              >
                {pressure.level !== 'low' && <Icon name="warning" size={12} />}
                <span className="sr-only">{`pressure ${pressure.level}: `}</span>
                {pressure.words}
              </span>
            )}
          </>
        ) : (
          <span className="truncate">{guest.image}</span>
        )}
      </div>
    </div>
  );
}

/** One guest on the board, drawn again only when something of it changed. */
export const GuestTile = memo(PlainGuestTile);

/** In the place of a guest that is on its way. */
export function PlaceTile() {
  return (
    <div className="flex h-full flex-col justify-center gap-3 rounded-md border border-line px-3">
      <Skeleton className="w-1/2" />
      <Skeleton className="w-3/4" />
    </div>
  );
}
