import type { LoginView } from '../../../server/user/schema.ts';
import { toApiError } from '../../_trpc/index.ts';
import { IconButton, RelativeTime, Skeleton } from '../../_ui/index.ts';

export interface LoginListProps {
  logins: LoginView[] | undefined;
  error: unknown;
  onEnd: (session: string) => void;
}

/** Browsers that somebody is signed in with, each with its end. */
export function LoginList({ logins, error, onEnd }: LoginListProps) {
  if (error) {
    return (
      <p role="alert" className="text-bad text-sm">
        {toApiError(error).message}
      </p>
    );
  }
  if (!logins) return <Skeleton />;
  if (logins.length === 0) return <p className="text-muted text-sm">nowhere</p>;
  return (
    <ul>
      {logins.map(({ id, address, agent, seenAt, current }) => (
        <li key={id} className="flex items-center gap-3 border-line border-b py-2 text-sm">
          <span className="min-w-0 flex-1">
            <span className="wrap-anywhere block">
              {address ?? 'unknown address'}
              {current && ' (this browser)'}, used <RelativeTime at={seenAt} />
            </span>
            <span className="block truncate text-muted text-xs">{agent ?? 'unknown browser'}</span>
          </span>
          <IconButton
            icon="close"
            label={current ? 'Sign out here' : 'End this session'}
            onClick={() => onEnd(id)}
          />
        </li>
      ))}
    </ul>
  );
}
