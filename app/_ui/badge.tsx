import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';
import { TONE_ICON, TONE_SOFT, TONE_TEXT, type Tone } from './tone.ts';

export interface BadgeProps {
  tone: Tone;
  /** The word; the colour only repeats it. */
  children: string;
  icon?: IconName;
  /** Without a ground, for dense tables. */
  plain?: boolean;
}

/** A state, told by a word, an icon and a colour. */
export function Badge({ tone, children, icon, plain }: BadgeProps) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 whitespace-nowrap text-sm',
        TONE_TEXT[tone],
        !plain && cx('h-6 rounded-sm px-2 font-medium', TONE_SOFT[tone]),
      )}
    >
      <Icon name={icon ?? TONE_ICON[tone]} size={12} />
      {children}
    </span>
  );
}
