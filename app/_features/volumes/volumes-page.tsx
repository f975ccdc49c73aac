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
import { MoveVolumeDialog } from './move-volume-dialog.tsx';
import { NewVolumeDialog } from './new-volume-dialog.tsx';

/** Folders of Berth's own that guests can have mounted, and who has which. */
export function VolumesPage() {
  const trpc = useTRPC();
  const list = useQuery(trpc.volume.list.queryOptions(undefined, { refetchOnMount: 'always' }));
  const may = useMay();
  const refusal = may('volume.manage', 'anywhere');
  const [isMaking, setMaking] = useState(false);
  const [toDelete, setToDelete] = useState<VolumeView | null>(null);
  const [toMove, setToMove] = useState<VolumeView | null>(null);
  const volumes = list.data;
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
              refusal={may('volume.manage', { project: volume.project })}
              onMove={() => setToMove(volume)}
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
      {toMove && <MoveVolumeDialog volume={toMove} onClose={() => setToMove(null)} />}
      {toDelete && <DeleteVolumeDialog volume={toDelete} onClose={() => setToDelete(null)} />}
    </Page>
  );
}

function VolumeRow(props: {
  volume: VolumeView;
  /** Why it may not be moved or deleted by this person. */
  refusal: string | null;
  onMove: () => void;
  onDelete: () => void;
}) {
  const { volume, refusal, onMove, onDelete } = props;
  const { guests, hidden } = volume;
  const count = guests.length + hidden;
  const who = [
    ...guests.map(({ name }) => name),
    ...(hidden > 0 ? [guests.length > 0 ? plural(hidden, 'other') : plural(hidden, 'guest of others')] : []),
  ].join(', ');
  const actions = (
    <>
      <IconButton
        icon="folder"
        label={`Move ${volume.name} to another project`}
        disabledReason={refusal}
        onClick={onMove}
      />
      <IconButton
        icon="trash"
        label={`Delete ${volume.name}`}
        disabledReason={
          refusal ??
          (count > 0 ? `${who} ${count === 1 ? 'has' : 'have'} it mounted: take it away there first` : null)
        }
        onClick={onDelete}
      />
    </>
  );
  return (
    <PlainRow actions={actions}>
      <h2 className="font-medium font-mono text-base">{volume.name}</h2>
      <p className="flex min-w-0 items-center text-muted text-sm">
        <code className="truncate text-xs">{volume.path}</code>
        <CopyButton text={volume.path} label="Copy the path" className="size-7" />
      </p>
      <p className="flex flex-wrap gap-x-4 text-muted text-sm">
        <span>
          made <RelativeTime at={volume.createdAt} /> by {volume.createdBy}
        </span>
        <span>
          project{' '}
          <Link
            href={`/guests?q=project:${encodeURIComponent(volume.project)}`}
            className="rounded-sm text-accent hover:underline"
          >
            {volume.project}
          </Link>
        </span>
        {count === 0 ? (
          <span>no guest has it</span>
        ) : (
          <span>
            mounted by{' '}
            {guests.map(({ id, name }, index) => (
              <span key={id}>
                {index > 0 && ', '}
                <Link
                  href={`/guests/${encodeURIComponent(name)}/configuration#isolation.mounts`}
                  className="rounded-sm text-accent hover:underline"
                >
                  {name}
                </Link>
              </span>
            ))}
            {hidden > 0 &&
              (guests.length > 0 ? ` and ${plural(hidden, 'other')}` : plural(hidden, 'guest of others'))}
          </span>
        )}
      </p>
    </PlainRow>
  );
}
