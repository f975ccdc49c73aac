'use client';

import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

/** Something could not be read: what, why, and another try. */
export function ErrorState({
  title,
  message,
  onRetry,
}: {
  title: string;
  message: string;
  onRetry?: () => void;
}) {
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center gap-3 px-4 py-16 text-center">
      <Icon name="warning" size={24} className="text-bad" />
      <h2 className="font-semibold text-lg">{title}</h2>
      <p className="wrap-anywhere text-muted">{message}</p>
      {onRetry && (
        <Button icon="restart" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
