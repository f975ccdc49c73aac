'use client';

import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { IconButton } from '../../_ui/index.ts';

/** Takes files that are dropped on what it holds; says so while they are above it. */
export function FileDrop(props: {
  /** Null: none are taken now. */
  onFiles: ((files: readonly File[]) => void) | null;
  children: (overlay: ReactNode) => ReactNode;
}) {
  const { onFiles, children } = props;
  const [isAbove, setAbove] = useState(false);
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  const onDragOver = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    // Also where none are taken: the browser would leave the page for the file.
    event.preventDefault();
    event.dataTransfer.dropEffect = onFiles ? 'copy' : 'none';
    setAbove(onFiles !== null);
  };
  const onDrop = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setAbove(false);
    onFiles?.([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button for uploads does the same for keyboards
    <div className="contents" onDragOver={onDragOver} onDragLeave={() => setAbove(false)} onDrop={onDrop}>
      {children(
        isAbove && (
          <div className="pointer-events-none absolute inset-2 z-10 flex items-center justify-center rounded-lg border-2 border-accent border-dashed bg-[color-mix(in_srgb,var(--surface)_80%,transparent)] font-medium">
            Drop to bring it into the directory that the shell is in
          </div>
        ),
      )}
    </div>
  );
}

/** The same without a mouse. */
export function UploadButton({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="files to bring in"
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      <IconButton
        icon="up"
        label="Bring files into the shell's directory (or drop them here)"
        onClick={() => input.current?.click()}
      />
    </>
  );
}
