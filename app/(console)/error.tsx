'use client';

import { useEffect } from 'react';
import { ErrorState } from '../_ui/error-state.tsx';

/** A fault of ours in the page: it is told, and the page can be tried again. */
export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  useEffect(() => console.error(error), [error]);
  return (
    <ErrorState
      title="This page has a fault"
      message={`${error.message || 'no more is known'}. Guests are not touched by it.`}
      onRetry={reset}
    />
  );
}
