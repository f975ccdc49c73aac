'use client';

import { useCallback, useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { Button, Checkbox, Icon, plural, Select } from '../../_ui/index.ts';
import { ConfigureCommands } from '../guest-page/index.ts';
import { useReasonAgainst } from '../guests/index.ts';
import { LIMIT_NAMES, limitText, pickLimits } from './limit-text.ts';
import type { LimitDraft } from './use-limit-draft.ts';

/** How long a change may be on trial. */
const TRIALS = [
  { value: '10', label: '10 s' },
  { value: '30', label: '30 s' },
  { value: '120', label: '2 min' },
  { value: '600', label: '10 min' },
] as const;
type Trial = (typeof TRIALS)[number]['value'];

export interface Guard {
  isOn: boolean;
  seconds: Trial;
}

/** Whether changes are on trial, kept for the page; and the seconds to send, or null. */
export function useGuard() {
  const [guard, setGuard] = useState<Guard>({ isOn: false, seconds: '30' });
  return { guard, setGuard, seconds: guard.isOn ? Number(guard.seconds) : null };
}

/** Tells notices how high the bar is, so that they show above it and never over its buttons. */
function useBottomBar() {
  return useCallback((bar: HTMLElement | null) => {
    if (!bar) return;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => style.setProperty('--bottom-bar', `${bar.offsetHeight}px`));
    observer.observe(bar);
    return () => {
      observer.disconnect();
      style.removeProperty('--bottom-bar');
    };
  }, []);
}

export interface ApplyBarProps {
  guest: GuestView;
  draft: LimitDraft;
  guard: Guard;
  onGuard: (guard: Guard) => void;
}

/** What is drafted, and the way to write it: stays in sight at the bottom while there is anything. */
export function ApplyBar({ guest, draft, guard, onGuard }: ApplyBarProps) {
  const { keys, limits } = draft;
  const bar = useBottomBar();
  const against = useReasonAgainst();
  if (keys.length === 0) return null;
  const runs = guest.initPid !== null;
  const blocked =
    against('configure', guest) ?? (draft.hasProblems ? 'there are problems to mend first' : null);
  return (
    <section
      ref={bar}
      aria-label="changes to apply"
      className="sticky bottom-0 z-10 -mx-4 flex flex-col gap-3 border-line border-t bg-raised px-4 py-3 shadow-pop sm:-mx-6 sm:px-6"
    >
      {draft.refusal && (
        <p role="alert" className="wrap-anywhere flex items-start gap-2 text-bad text-sm">
          <Icon name="warning" className="mt-0.5" />
          {draft.refusal}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <ul className="flex max-h-24 min-w-0 flex-1 basis-72 flex-col gap-0.5 overflow-y-auto text-sm">
          {keys.map((key) => (
            <li key={key} className="wrap-anywhere">
              <span className="text-muted">{LIMIT_NAMES[key].name}</span> {limitText(key, guest.limits)}{' '}
              <span aria-hidden="true">→</span>
              <span className="sr-only">to</span>{' '}
              <strong className="font-medium">{limitText(key, limits)}</strong>
            </li>
          ))}
        </ul>
        <div className="flex items-center gap-2">
          <Checkbox
            checked={guard.isOn}
            label="Go back by itself unless kept within"
            onChange={(isOn) => onGuard({ ...guard, isOn })}
          />
          <Select
            aria-label="time to keep it in"
            className="w-24!"
            value={guard.seconds}
            options={TRIALS}
            onChange={(seconds) => onGuard({ isOn: true, seconds })}
          />
        </div>
        <div className="flex gap-2 max-sm:w-full max-sm:justify-end">
          <Button onClick={draft.reset}>Discard</Button>
          <Button look="primary" type="submit" busy={draft.isApplying} disabledReason={blocked}>
            {runs ? `Apply ${plural(keys.length, 'change')}` : `Save ${plural(keys.length, 'change')}`}
          </Button>
        </div>
      </div>
      <ConfigureCommands
        name={guest.name}
        input={{
          limits: pickLimits(limits, keys),
          ...(guard.isOn && { revertAfterSeconds: Number(guard.seconds) }),
        }}
      />
    </section>
  );
}
