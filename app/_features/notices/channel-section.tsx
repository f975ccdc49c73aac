'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChannelView } from '../../../server/notice/schema.ts';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, notify, Skeleton } from '../../_ui/index.ts';
import { ChannelDialog } from './channel-dialog.tsx';
import { ChannelRow } from './channel-row.tsx';
import { DeleteChannelDialog } from './delete-channel-dialog.tsx';

type Open = { what: 'edit'; channel: ChannelView | null } | { what: 'delete'; channel: ChannelView };

/** Where notices go beside the page. */
export function ChannelSection() {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const channels = useQuery(trpc.notice.channels.queryOptions(undefined, { refetchOnMount: 'always' }));
  const [open, setOpen] = useState<Open | null>(null);
  const [trying, setTrying] = useState<string | null>(null);
  const close = () => setOpen(null);
  const tryIt = async ({ id, name }: ChannelView) => {
    setTrying(id);
    try {
      await api.notice.tryChannel.mutate({ channel: id });
      notify({ title: `${name} has taken a trial` });
    } catch (error) {
      notify({ title: `${name} has not taken a trial`, detail: toApiError(error).message, tone: 'bad' });
    }
    setTrying(null);
  };
  return (
    <section aria-label="Channels" className="mx-4 mt-8 max-w-4xl pb-10 sm:mx-6">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="flex-1 font-medium text-base">Channels</h2>
        <Button icon="plus" onClick={() => setOpen({ what: 'edit', channel: null })}>
          New channel
        </Button>
      </div>
      <p className="text-muted text-sm">
        What happens is also told to a webhook, such as that of a chat, or by mail. What one does not take is
        tried again for a day.
      </p>
      {channels.error ? (
        <p role="alert" className="mt-2 text-bad text-sm">
          {toApiError(channels.error).message}
        </p>
      ) : channels.data ? (
        <ul className="mt-2 border-line border-t">
          {channels.data.map((channel) => (
            <ChannelRow
              key={channel.id}
              channel={channel}
              trying={trying === channel.id}
              onTry={() => void tryIt(channel)}
              onEdit={() => setOpen({ what: 'edit', channel })}
              onDelete={() => setOpen({ what: 'delete', channel })}
            />
          ))}
          {channels.data.length === 0 && (
            <li className="py-3 text-muted text-sm">None yet: notices are on this page alone.</li>
          )}
        </ul>
      ) : (
        <Skeleton />
      )}
      {open?.what === 'edit' && <ChannelDialog channel={open.channel} onClose={close} />}
      {open?.what === 'delete' && <DeleteChannelDialog channel={open.channel} onClose={close} />}
    </section>
  );
}
