'use client';

import { useState } from 'react';
import type { IconName } from './icon.tsx';
import { IconButton } from './icon-button.tsx';
import { notify } from './toast.tsx';

/** Copies a text; the icon tells that it did. */
export function CopyButton({
  text,
  label = 'Copy',
  icon = 'copy',
  className,
}: {
  text: string;
  label?: string;
  /** Of what it copies, where several stand together. */
  icon?: IconName;
  className?: string;
}) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      notify({
        title: 'the browser did not allow the copy',
        detail: 'Select the text and copy it by hand.',
        tone: 'bad',
      });
    }
  };
  return (
    <IconButton
      icon={copied ? 'check' : icon}
      label={copied ? 'Copied' : label}
      className={className}
      onClick={copy}
      onBlur={() => setCopied(false)}
      onMouseLeave={() => setCopied(false)}
    />
  );
}
