'use client';

import { Button, formatBytes, Icon, IconButton } from '../../_ui/index.ts';
import type { Upload } from './use-uploads.ts';

export interface UploadListProps {
  uploads: readonly Upload[];
  onRemove: (id: number) => void;
  onReplace: (id: number) => void;
}

/** Files under way into the shell's directory: how far each is, and what is asked about it. */
export function UploadList({ uploads, onRemove, onReplace }: UploadListProps) {
  if (uploads.length === 0) return null;
  return (
    <ul aria-label="uploads" className="max-h-40 overflow-y-auto border-line border-b bg-surface text-sm">
      {uploads.map((upload) => (
        <li key={upload.id} className="flex flex-wrap items-center gap-2 px-3 py-1">
          <Icon name={upload.state === 'done' ? 'done' : upload.state === 'sending' ? 'up' : 'warning'} />
          <span className="wrap-anywhere min-w-0 flex-1">
            <span className="font-mono">{upload.name}</span> <UploadState upload={upload} />
          </span>
          {upload.state === 'sending' && (
            <progress
              aria-label={`${upload.name} is sent`}
              max={Math.max(1, upload.size)}
              value={upload.taken}
              className="h-2 w-32 accent-accent"
            />
          )}
          {upload.state === 'exists' && <Button onClick={() => onReplace(upload.id)}>Replace it</Button>}
          <IconButton
            icon="close"
            label={
              upload.state === 'sending'
                ? `Cancel ${upload.name}`
                : upload.state === 'exists'
                  ? `Leave ${upload.name} as it is`
                  : `Dismiss ${upload.name}`
            }
            onClick={() => onRemove(upload.id)}
          />
        </li>
      ))}
    </ul>
  );
}

function UploadState({ upload }: { upload: Upload }) {
  const { state, taken, size, folder, message } = upload;
  const where = folder === '' ? '' : ` in ${folder}`;
  if (state === 'exists') return <strong>is there already{where}</strong>;
  if (state === 'failed') return <span className="text-bad">was not brought in: {message}</span>;
  const far =
    state === 'done' ? `${formatBytes(size)} written` : `${formatBytes(taken)} of ${formatBytes(size)}`;
  return (
    <span role="status" className="text-muted">
      {far}
      {where}
    </span>
  );
}
