import type { ReactNode } from 'react';
import { Button, cx, Icon } from '../../_ui/index.ts';

export interface PaneFooterProps {
  tone: 'bad' | 'idle';
  text: string;
  actions?: readonly { label: string; run: () => void; busy?: boolean }[];
  children?: ReactNode;
}

/** What became of a terminal, below its last output, and what can be done now. */
export function PaneFooter({ tone, text, actions = [], children }: PaneFooterProps) {
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-2 border-line border-t bg-surface px-3 py-2 text-sm"
    >
      <Icon
        name={tone === 'bad' ? 'warning' : 'info'}
        className={tone === 'bad' ? 'text-bad' : 'text-muted'}
      />
      <span className={cx('wrap-anywhere min-w-0 flex-1', tone === 'bad' && 'text-bad')}>{text}</span>
      {children}
      {actions.map((action, index) => (
        <Button
          key={action.label}
          look={index === 0 ? 'primary' : 'secondary'}
          busy={action.busy}
          onClick={action.run}
        >
          {action.label}
        </Button>
      ))}
    </div>
  );
}
