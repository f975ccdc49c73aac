'use client';

import { type FormEvent, useState } from 'react';
import { type ApiError, toApiError } from './api-error.ts';

/** A form that is sent once at a time: whether it is being, and what was wrong the last time. */
export function useSending(send: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await send();
    } catch (error) {
      setProblem(toApiError(error));
    }
    setBusy(false);
  };
  return { busy, problem, submit };
}
