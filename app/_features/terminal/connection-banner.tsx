import { Button, Icon } from '../../_ui/index.ts';
import type { ConnectionState } from './connection-state.ts';

/** Says that the line is away while it is; what was typed is kept. */
export function ConnectionBanner({ state, onRetry }: { state: ConnectionState; onRetry: () => void }) {
  if (state.status !== 'reconnecting') return null;
  return (
    <div role="status" className="flex items-center gap-2 bg-wait-soft px-3 py-1 text-sm text-wait">
      <Icon name="unplugged" />
      <span className="min-w-0 flex-1">reconnecting… the shell runs on, and nothing it prints is lost</span>
      <Button look="quiet" onClick={onRetry}>
        Try now
      </Button>
    </div>
  );
}

/** How a terminal ended, in words. */
export function describeEnd(state: Extract<ConnectionState, { status: 'ended' }>, what: string): string {
  const { exit, reason, message } = state;
  if (message) return message;
  if (reason === 'gone') return `there is no such ${what} any more`;
  if (reason === 'not-running') return 'the guest does not run';
  if (exit?.signal) return `the ${what} was ended by ${exit.signal}`;
  if (exit?.status === 0) return `the ${what} ended (status 0)`;
  if (exit && exit.status !== null) return `the ${what} ended with status ${exit.status}`;
  return `the ${what} ended`;
}
