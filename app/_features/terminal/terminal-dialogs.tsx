'use client';

import { Button, buttonClass, Dialog } from '../../_ui/index.ts';

/** Shows a long paste before the shell gets it. */
export function PasteDialog(props: {
  paste: { text: string; lines: number } | null;
  onClose: () => void;
  onPaste: (text: string) => void;
}) {
  const { paste, onClose, onPaste } = props;
  return (
    <Dialog
      open={paste !== null}
      onClose={onClose}
      wide
      title={`Paste ${paste?.lines ?? 0} lines?`}
      description="A shell may run each line as it comes."
      actions={
        <>
          <Button onClick={onClose}>Do not paste</Button>
          <Button look="primary" onClick={() => paste && onPaste(paste.text)}>
            Paste
          </Button>
        </>
      }
    >
      <pre className="wrap-anywhere max-h-[40vh] overflow-auto whitespace-pre-wrap rounded-md bg-sunken p-3 text-xs">
        {paste?.text}
      </pre>
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
