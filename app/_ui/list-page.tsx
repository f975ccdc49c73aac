import type { ReactNode } from 'react';
import { EmptyState } from './empty-state.tsx';
import { ErrorState } from './error-state.tsx';
import { Skeleton } from './skeleton.tsx';

export interface PlainListProps {
  /** The rows, each an <li>; null: not read yet. */
  rows: readonly ReactNode[] | null;
  /** What they are, in the plural: `volumes`. */
  what: string;
  /** Why they could not be read; null: no reason so far. */
  error: string | null;
  onRetry: () => void;
  empty: { title: string; action?: ReactNode; text: ReactNode };
}

/** A list that a page is made of, and what is there instead while there is none: nothing yet, nothing at all, or a failure. */
export function PlainList({ rows, what, error, onRetry, empty }: PlainListProps) {
  if (rows === null && error !== null)
    return <ErrorState title={`The ${what} cannot be read`} message={error} onRetry={onRetry} />;
  if (rows === null) {
    return (
      <div
        role="status"
        aria-label={`reading the ${what}`}
        className="flex max-w-4xl flex-col gap-5 px-6 py-6"
      >
        <Skeleton />
        <Skeleton />
      </div>
    );
  }
  if (rows.length === 0) {
    return (
      <EmptyState title={empty.title} action={empty.action}>
        {empty.text}
      </EmptyState>
    );
  }
  return <ul className="mx-4 max-w-4xl border-line border-t sm:mx-6">{rows}</ul>;
}

export interface PlainRowProps {
  children: ReactNode;
  /** Buttons at its end. */
  actions: ReactNode;
}

/** One row of a plain list. */
export function PlainRow({ children, actions }: PlainRowProps) {
  return (
    <li className="flex items-start gap-4 border-line border-b py-3">
      <div className="min-w-0 flex-1">{children}</div>
      {actions}
    </li>
  );
}
