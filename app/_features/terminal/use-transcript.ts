'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { OperationView } from '../../../server/operation/schema.ts';
import { onOperationOutput, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { joinOutput, OperationTranscript } from './operation-transcript.ts';
import type { TerminalView } from './terminal-view.ts';

/**
 * Writes an operation into a view as it goes on: what it printed before, its steps, and all that comes. Returns its newest
 * state (null until known) and what went wrong in asking for it.
 */
export function useTranscript(view: TerminalView | null, id: string | null) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const query = useQuery(trpc.operation.get.queryOptions({ id: id ?? '' }, { enabled: id !== null }));
  const operation: OperationView | null = (id !== null && query.data) || null;
  const transcript = useRef<OperationTranscript | null>(null);
  const [isReady, setReady] = useState(false);

  useEffect(() => {
    if (!view || id === null) return;
    const mine = new OperationTranscript((text) => view.write(text));
    transcript.current = mine;
    let heard: string | null = '';
    const stop = onOperationOutput(id, (text) => {
      if (heard === null) mine.output(text);
      else heard += text;
    });
    let isGone = false;
    const begin = (before: string) => {
      if (isGone) return;
      mine.output(joinOutput(before, heard ?? ''));
      heard = null;
      setReady(true);
    };
    // What cannot be had is not waited for: the steps matter more.
    api.operation.output.query({ id }).then(
      ({ text }) => begin(text),
      () => begin(''),
    );
    return () => {
      isGone = true;
      stop();
      setReady(false);
      transcript.current = null;
    };
  }, [view, id, api]);

  useEffect(() => {
    if (isReady && operation) transcript.current?.update(operation);
  }, [isReady, operation]);

  // Done counts only once it is written: whoever comes next begins below it.
  return { operation, isDone: isReady && operation?.status === 'done', error: query.error };
}
