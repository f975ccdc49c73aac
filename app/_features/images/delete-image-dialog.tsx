'use client';

import { useState } from 'react';
import type { ImageView } from '../../../server/image/schema.ts';
import { ALONE, toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands, formatBytes, formatDuration, notify } from '../../_ui/index.ts';

/** No data is lost with an image, only the time to build it: nothing has to be typed. */
export function DeleteImageDialog({ image, onClose }: { image: ImageView; onClose: () => void }) {
  const api = useTRPCClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const remove = async () => {
    setBusy(true);
    try {
      await api.image.delete.mutate({ image: image.name, wait: true }, ALONE);
      onClose();
      notify({ title: `${image.name} is deleted` });
    } catch (cause) {
      setError(toApiError(cause).message);
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete the image ${image.name}?`}
      description={`Its files${image.size === null ? '' : ` (${formatBytes(image.size)})`} are removed. It stays in the catalogue and can be built again in about ${formatDuration(image.buildSeconds * 1000)}${image.needsNetwork ? ', with a network' : ''}. No guest is made of it.`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" icon="trash" busy={busy} onClick={() => void remove()}>
            Delete {image.name}
          </Button>
        </>
      }
    >
      {error && (
        <p role="alert" className="wrap-anywhere text-bad text-sm">
          {error}
        </p>
      )}
      <EquivalentCommands
        cli={`berth image rm ${image.name}`}
        api={{ procedure: 'image.delete', input: { image: image.name } }}
      />
    </Dialog>
  );
}
