import type { IconName } from './icon.tsx';

/** What a colour says. Never alone: a word or an icon stands beside it. */
export type Tone = 'ok' | 'cold' | 'idle' | 'bad' | 'wait';

export const TONE_TEXT: Record<Tone, string> = {
  ok: 'text-ok',
  cold: 'text-cold',
  idle: 'text-muted',
  bad: 'text-bad',
  wait: 'text-wait',
};

export const TONE_SOFT: Record<Tone, string> = {
  ok: 'bg-ok-soft',
  cold: 'bg-cold-soft',
  idle: 'bg-sunken',
  bad: 'bg-bad-soft',
  wait: 'bg-wait-soft',
};

export const TONE_ICON: Record<Tone, IconName> = {
  ok: 'dot',
  cold: 'snow',
  idle: 'stop',
  bad: 'warning',
  wait: 'busy',
};
