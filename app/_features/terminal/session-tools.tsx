'use client';

import { useState } from 'react';
import type { RecordingMark } from '../../../server/recording/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Checkbox, CopyButton, Dialog, IconButton } from '../../_ui/index.ts';

export interface SessionToolsProps {
  target: { session: string } | { guest: string };
  /** What it is, in a sentence: `this shell`. */
  what: string;
  /** Where the terminal is on this console, a path. */
  path: string;
  recording: RecordingMark | null;
  /** False for who may only watch. */
  mayDrive: boolean;
}

/** Record a terminal, and give somebody else its address. */
export function SessionTools({ target, what, path, recording, mayDrive }: SessionToolsProps) {
  const [asking, setAsking] = useState(false);
  const link = typeof window === 'undefined' ? path : new URL(path, window.location.origin).href;
  return (
    <>
      <CopyButton icon="link" text={link} label="Copy the link to this terminal: it asks for a login" />
      {mayDrive && (
        <IconButton
          icon="dot"
          label={recording ? 'It is recorded' : 'Record'}
          disabledReason={recording ? 'it is recorded already' : null}
          pressed={recording !== null}
          className={recording ? 'text-bad' : undefined}
          onClick={() => setAsking(true)}
        />
      )}
      {asking && <RecordDialog target={target} what={what} onClose={() => setAsking(false)} />}
    </>
  );
}

function RecordDialog(props: { target: SessionToolsProps['target']; what: string; onClose: () => void }) {
  const { target, what, onClose } = props;
  const api = useTRPCClient();
  const [input, setInput] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const start = async () => {
    setBusy(true);
    try {
      await api.recording.start.mutate({ ...target, input });
      onClose();
    } catch (failure) {
      setError(toApiError(failure).message);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Record ${what}?`}
      description="What it shows is written down from now on, beginning with its screen. Everybody in it is told, with your name."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={busy} onClick={() => void start()}>
            Record
          </Button>
        </>
      }
    >
      <Checkbox checked={input} onChange={setInput} label="Also what is typed, passwords included" />
      {error && (
        <p role="alert" className="text-bad text-sm">
          {error}
        </p>
      )}
    </Dialog>
  );
}
