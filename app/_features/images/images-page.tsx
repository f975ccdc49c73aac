'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImageView } from '../../../server/image/schema.ts';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
import { EmptyState, ErrorState, Page, PageHeader, plural, Skeleton } from '../../_ui/index.ts';
import { DeleteImageDialog } from './delete-image-dialog.tsx';
import { ImageRow } from './image-row.tsx';

/** The catalogue: what there is to make guests of, and how each was built. */
export function ImagesPage() {
  const trpc = useTRPC();
  const list = useQuery(trpc.image.list.queryOptions());
  const [toDelete, setToDelete] = useState<ImageView | null>(null);
  const images = list.data;
  return (
    <Page>
      <PageHeader
        title="Images"
        summary={
          images &&
          `${plural(images.length, 'image')}, ${images.filter(({ state }) => state === 'ready').length} ready`
        }
      />
      {images ? (
        images.length > 0 ? (
          <ul className="mx-4 max-w-4xl border-line border-t sm:mx-6">
            {images.map((image) => (
              <ImageRow key={image.name} image={image} onDelete={() => setToDelete(image)} />
            ))}
          </ul>
        ) : (
          <EmptyState title="The catalogue is empty">
            An image comes with Berth's own files; run <code>berth up</code> again to put them back.
          </EmptyState>
        )
      ) : list.error ? (
        <ErrorState
          title="The images cannot be read"
          message={toApiError(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <div
          role="status"
          aria-label="reading the images"
          className="flex max-w-4xl flex-col gap-5 px-6 py-6"
        >
          <Skeleton />
          <Skeleton />
        </div>
      )}
      {toDelete && <DeleteImageDialog image={toDelete} onClose={() => setToDelete(null)} />}
    </Page>
  );
}
