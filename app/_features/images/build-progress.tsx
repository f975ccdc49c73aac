'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { onOperationOutput, toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, notify, Steps } from '../../_ui/index.ts';
import { plainText } from './plain-text.ts';

/** As much of a build's output as anyone scrolls back; the whole is on the operation's page. */
const KEEP = 64 * 1024;

/** A build at work: its steps, what it prints, and the way to end it. */
export function BuildProgress({ id }: { id: string }) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const operation = useQuery(trpc.operation.get.queryOptions({ id })).data;
  const [text, setText] = useState('');
  const [cancelling, setCancelling] = useState(false);
  const box = useRef<HTMLElement>(null);

  useEffect(() => {
    let live = '';
    let early: string | null = null;
    const show = () => setText(((early ?? '') + live).slice(-KEEP));
    const stop = onOperationOutput(id, (more) => {
      live = (live + more).slice(-KEEP);
      show();
    });
    // What it printed before this page looked; what came meanwhile is in the answer too.
    api.operation.output.query({ id }).then(
      (answer) => {
        early = answer.text;
        live = '';
        show();
      },
      () => {
        early = '';
      },
    );
    return stop;
  }, [api, id]);

  useEffect(() => {
    const element = box.current;
    if (element && text) element.scrollTop = element.scrollHeight;
  }, [text]);

  const cancel = async () => {
    setCancelling(true);
    try {
      await api.operation.cancel.mutate({ id });
    } catch (error) {
      notify({ title: 'could not cancel the build', detail: toApiError(error).message, tone: 'bad' });
    }
    setCancelling(false);
  };

  return (
    <div className="flex flex-col gap-3">
      {operation && (
        <>
          {operation.progress !== null && (
            <progress
              value={operation.progress}
              max={1}
              aria-label="progress of the build"
              className="h-1 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
            />
          )}
          <Steps steps={operation.steps} message={operation.message} />
        </>
      )}
      <section
        ref={box}
        aria-label="output of the build"
        className="wrap-anywhere max-h-64 min-h-24 overflow-y-auto whitespace-pre-wrap rounded-md bg-sunken p-3 font-mono text-xs"
      >
        {plainText(text)}
      </section>
      <div>
        <Button
          icon="close"
          busy={cancelling}
          disabledReason={
            operation?.cancellable === false ? 'it is past the point where it can be ended' : null
          }
          onClick={() => void cancel()}
        >
          Cancel the build
        </Button>
      </div>
    </div>
  );
}
