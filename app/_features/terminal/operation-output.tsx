'use client';

import { useState } from 'react';
import { TerminalSurface } from './terminal-surface.tsx';
import type { TerminalView } from './terminal-view.ts';
import { useTranscript } from './use-transcript.ts';

/** What an operation did and printed, as terminal text, live. */
export function OperationOutput({ id }: { id: string }) {
  const [view, setView] = useState<TerminalView | null>(null);
  useTranscript(view, id);
  return (
    <TerminalSurface label="output of the operation" name={`operation:${id}`} onView={setView} readOnly />
  );
}
