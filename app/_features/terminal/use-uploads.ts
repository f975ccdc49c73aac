'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { UPLOAD_MOST, UploadStatus } from '../../../server/console/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { formatBytes } from '../../_ui/index.ts';
import { sendFile } from './send-file.ts';

/** A file on its way into a guest, or what became of it. */
export interface Upload {
  id: number;
  name: string;
  size: number;
  taken: number;
  /** Where it goes, as the guest names it; empty until that is known. */
  folder: string;
  state: 'sending' | 'done' | 'exists' | 'failed';
  message: string;
}

const REASONS: Record<number, string> = {
  [UploadStatus.cut]: 'it did not come whole: nothing of it was kept',
  [UploadStatus.isFolder]: 'there is a folder of that name',
};

function openUploadSocket(ticket: string): WebSocket {
  const url = new URL('/api/upload', window.location.href);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  url.searchParams.set('ticket', ticket);
  return new WebSocket(url);
}

/** Files that are brought into the directory of a shell, one after the other. */
export function useUploads(session: string | null) {
  const api = useTRPCClient();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const files = useRef(new Map<number, { file: File; abort: AbortController }>());
  const ids = useRef(0);
  const line = useRef<Promise<void>>(Promise.resolve());
  const change = useCallback((id: number, over: Partial<Upload>) => {
    setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...over } : one)));
  }, []);

  const send = useCallback(
    async (id: number, replace: boolean) => {
      const held = files.current.get(id);
      if (!held || !session || held.abort.signal.aborted) return;
      const { file, abort } = held;
      change(id, { state: 'sending', taken: 0, message: '' });
      try {
        const input = { session, name: file.name, size: file.size, replace };
        const { ticket, folder } = await api.console.upload.mutate(input);
        change(id, { folder });
        const end = await sendFile({
          socket: openUploadSocket(ticket),
          file,
          progress: (taken) => change(id, { taken }),
          signal: abort.signal,
        });
        if (end.status === 0) change(id, { state: 'done', taken: file.size });
        else if (end.status === UploadStatus.exists) change(id, { state: 'exists' });
        else {
          const reason =
            (end.status !== null && REASONS[end.status]) || end.message || 'it cannot be written';
          change(id, { state: 'failed', message: reason });
        }
      } catch (error) {
        change(id, { state: 'failed', message: toApiError(error).message });
      }
    },
    [api, session, change],
  );

  const add = useCallback(
    (list: readonly File[]) => {
      for (const file of list) {
        const id = ++ids.current;
        const { name, size } = file;
        const isLarge = size > UPLOAD_MOST;
        const message = isLarge
          ? `it has ${formatBytes(size)}; at most ${formatBytes(UPLOAD_MOST)} are taken`
          : '';
        const state = isLarge ? 'failed' : 'sending';
        setUploads((all) => [...all, { id, name, size, taken: 0, folder: '', state, message }]);
        if (isLarge) continue;
        files.current.set(id, { file, abort: new AbortController() });
        line.current = line.current.then(() => send(id, false));
      }
    },
    [send],
  );
  const remove = useCallback((id: number) => {
    files.current.get(id)?.abort.abort();
    files.current.delete(id);
    setUploads((all) => all.filter((one) => one.id !== id));
  }, []);
  const replace = useCallback(
    (id: number) => {
      line.current = line.current.then(() => send(id, true));
    },
    [send],
  );

  // Who leaves the page takes what is under way along: nothing half is kept.
  useEffect(() => {
    const held = files.current;
    return () => {
      for (const { abort } of held.values()) abort.abort();
    };
  }, []);
  return { uploads, add, remove, replace };
}
