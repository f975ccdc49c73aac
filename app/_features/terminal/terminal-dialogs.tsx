'use client';

import { useRef } from 'react';
import { Button, buttonClass, Dialog, plural } from '../../_ui/index.ts';
import type { PreparedPaste } from './paste-text.ts';

/** Shows a paste of several lines before the shell gets it, and says what will come of it. */
export function PasteDialog(props: {
  pasting: { paste: PreparedPaste; isWhole: boolean } | null;
  onClose: () => void;
  onPaste: (paste: PreparedPaste) => void;
}) {
  const { pasting, onClose, onPaste } = props;
  const confirm = useRef<HTMLButtonElement>(null);
  const { paste, isWhole } = pasting ?? {};
  return (
    <Dialog
      open={pasting !== null}
      onClose={onClose}
      wide
      initialFocus={confirm}
      title={`Paste ${paste?.lines ?? 0} lines?`}
      description={
        isWhole
          ? 'The program takes them as one paste: nothing runs until you press Enter.'
          : 'The program takes each line as it comes: all but the last may run at once.'
      }
      actions={
        <>
          <Button onClick={onClose}>Do not paste</Button>
          <Button ref={confirm} look="primary" onClick={() => paste && onPaste(paste)}>
            Paste
          </Button>
        </>
      }
    >
      <section
        aria-label="what is pasted"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled with the keyboard
        tabIndex={0}
        className="max-h-[40vh] shrink-0 overflow-auto rounded-md bg-sunken p-3"
      >
        <pre className="wrap-anywhere whitespace-pre-wrap text-xs">{paste?.text}</pre>
      </section>
      {paste && (paste.controls > 0 || paste.hadEnd) && (
        <ul className="list-disc pl-5 text-muted text-sm">
          {paste.controls > 0 && <li>{plural(paste.controls, 'control character')} taken out</li>}
          {paste.hadEnd && <li>the line end after the last line is left out: Enter is yours to press</li>}
        </ul>
      )}
    </Dialog>
  );
}

/** A guest's link: shown in full before the browser follows it. */
export function LinkDialog({ link, onClose }: { link: string | null; onClose: () => void }) {
  return (
    <Dialog
      open={link !== null}
      onClose={onClose}
      title="Open this link?"
      description="It comes from the guest. It opens in a new tab that knows nothing of this one."
      actions={
        <>
          <Button onClick={onClose}>Do not open</Button>
          <a
            href={link ?? undefined}
            target="_blank"
            rel="noopener noreferrer"
            className={buttonClass('primary')}
            onClick={onClose}
          >
            Open
          </a>
        </>
      }
    >
      <code className="wrap-anywhere rounded-md bg-sunken p-3 text-sm">{link}</code>
    </Dialog>
  );
}
