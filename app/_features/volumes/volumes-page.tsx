'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import type { VolumeView } from '../../../server/volume/schema.ts';
import { toApiError, useMay, useTRPC } from '../../_trpc/index.ts';
import {
  Button,
  CopyButton,
  IconButton,
  Page,
  PageHeader,
  PlainList,
  PlainRow,
  plural,
  RelativeTime,
} from '../../_ui/index.ts';
import { DeleteVolumeDialog } from './delete-volume-dialog.tsx';
import { NewVolumeDialog } from './new-volume-dialog.tsx';
import { volumeUsers } from './volume-users.ts';

/** Folders of Berth's own that guests can have mounted, and who has which. */
export function VolumesPage() {
  const trpc = useTRPC();
  const list = useQuery(trpc.volume.list.queryOptions(undefined, { refetchOnMount: 'always' }));
  const guests = useQuery(trpc.guest.list.queryOptions());
  const refusal = useMay()('volume.manage');
  const [isMaking, setMaking] = useState(false);
  const [toDelete, setToDelete] = useState<VolumeView | null>(null);
  const volumes = list.data;
  const usersOf = (volume: VolumeView) =>
    guests.data ? volumeUsers(volume.name, guests.data) : volume.guests;
  const make = (
    <Button look="primary" icon="plus" disabledReason={refusal} onClick={() => setMaking(true)}>
      New volume
    </Button>
  );
  return (
    <Page>
      <PageHeader
        title="Volumes"
        summary={volumes && volumes.length > 0 && plural(volumes.length, 'volume')}
        actions={volumes && volumes.length > 0 && make}
      />
      <PlainList
        what="volumes"
        rows={
          volumes?.map((volume) => (
            <VolumeRow
              key={volume.name}
              volume={volume}
              users={usersOf(volume)}
              refusal={refusal}
              onDelete={() => setToDelete(volume)}
            />
          )) ?? null
        }
        error={list.error && toApiError(list.error).message}
        onRetry={() => void list.refetch()}
        empty={{
          title: 'No volumes yet',
          action: make,
          text: 'A volume is a folder that outlives guests: databases and uploads belong in one. Guests get it under Configuration, Mounts.',
        }}
      />
      {isMaking && (
        <NewVolumeDialog taken={volumes?.map(({ name }) => name) ?? []} onClose={() => setMaking(false)} />
      )}
      {toDelete && <DeleteVolumeDialog volume={toDelete} onClose={() => setToDelete(null)} />}
    </Page>
  );
}

function VolumeRow(props: {
  volume: VolumeView;
  users: readonly string[];
  /** Why it may not be deleted by this person. */
  refusal: string | null;
  onDelete: () => void;
}) {
  const { volume, users, refusal, onDelete } = props;
  const remove = (
    <IconButton
      icon="trash"
      label={`Delete ${volume.name}`}
      disabledReason={
        refusal ??
        (users.length > 0
          ? `${users.join(', ')} ${users.length === 1 ? 'has' : 'have'} it mounted: take it away there first`
          : null)
      }
      onClick={onDelete}
    />
  );
  return (
    <PlainRow actions={remove}>
      <h2 className="font-medium font-mono text-base">{volume.name}</h2>
      <p className="flex min-w-0 items-center text-muted text-sm">
        <code className="truncate text-xs">{volume.path}</code>
        <CopyButton text={volume.path} label="Copy the path" className="size-7" />
      </p>
      <p className="flex flex-wrap gap-x-4 text-muted text-sm">
        <span>
          made <RelativeTime at={volume.createdAt} /> by {volume.createdBy}
        </span>
        {users.length === 0 ? (
          <span>no guest has it</span>
        ) : (
          <span>
            mounted by{' '}
            {users.map((name, index) => (
              <span key={name}>
                {index > 0 && ', '}
                <Link
                  href={`/guests/${encodeURIComponent(name)}/configuration#isolation.mounts`}
                  className="rounded-sm text-accent hover:underline"
                >
                  {name}
                </Link>
              </span>
            ))}
          </span>
        )}
      </p>
    </PlainRow>
  );
}
