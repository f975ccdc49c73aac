import { cx } from './cx.ts';
import { formatDuration } from './format.ts';
import { Icon, type IconName } from './icon.tsx';

export interface Step {
  name: string;
  status: 'pending' | 'running' | 'done' | 'failed' | 'undone' | 'skipped';
  /** Milliseconds; null while it is not over. */
  ms: number | null;
}

const LOOK: Record<Step['status'], { icon: IconName; tone: string }> = {
  pending: { icon: 'minus', tone: 'text-muted' },
  running: { icon: 'busy', tone: 'text-wait' },
  done: { icon: 'check', tone: 'text-ok' },
  failed: { icon: 'close', tone: 'text-bad' },
  undone: { icon: 'undo', tone: 'text-wait' },
  skipped: { icon: 'minus', tone: 'text-muted' },
};

/** The named steps of slow work, each with how it went and how long it took. */
export function Steps({ steps, message }: { steps: readonly Step[]; message?: string | null }) {
  return (
    <ol className="flex flex-col gap-1 text-sm">
      {steps.map((step) => (
        <li key={step.name} className="grid grid-cols-[16px_1fr_auto] items-center gap-x-2">
          <Icon
            name={LOOK[step.status].icon}
            size={14}
            className={LOOK[step.status].tone}
            label={step.status}
          />
          <span className={cx('truncate', step.status === 'pending' && 'text-muted')}>{step.name}</span>
          <span className="text-muted text-xs">{step.ms === null ? '' : formatDuration(step.ms)}</span>
          {step.status === 'running' && message && (
            <span className="wrap-anywhere col-span-2 col-start-2 text-muted text-xs">{message}</span>
          )}
        </li>
      ))}
    </ol>
  );
}
