'use client';

import { useState } from 'react';
import type { ChannelView } from '../../../server/notice/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands, notify, plural } from '../../_ui/index.ts';

/** What waits for it is lost, and so are its secret and its settings. */
export function DeleteChannelDialog({ channel, onClose }: { channel: ChannelView; onClose: () => void }) {
  const { id, name, waiting } = channel;
  const api = useTRPCClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const remove = async () => {
    setBusy(true);
    try {
      await api.notice.deleteChannel.mutate({ channel: id });
      onClose();
      notify({ title: `channel ${name} is deleted` });
    } catch (error) {
      setProblem(toApiError(error).message);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete the channel ${name}?`}
      description={
        waiting > 0
          ? `${plural(waiting, 'notice')} that it has not taken go with it; this page keeps them.`
          : 'Nothing waits for it. Switched off, it would keep its settings.'
      }
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" icon="trash" busy={busy} onClick={() => void remove()}>
            Delete {name}
          </Button>
        </>
      }
    >
      {problem !== null && (
        <p role="alert" className="wrap-anywhere text-bad text-sm">
          {problem}
        </p>
      )}
      <EquivalentCommands
        cli={`berth notice rm '${name.replaceAll("'", "'\\''")}'`}
        api={{ procedure: 'notice.deleteChannel', input: { channel: id } }}
      />
    </Dialog>
  );
}
