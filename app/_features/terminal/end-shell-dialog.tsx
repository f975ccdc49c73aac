'use client';

import { Button, Dialog, plural } from '../../_ui/index.ts';

export interface EndShellDialogProps {
  /** What each is called, with its guest. */
  shells: readonly { title: string; guest: string }[];
  /** Who looks at them now. */
  people: readonly string[];
  onClose: () => void;
  onEnd: () => void;
  /** Leave them running instead, where that is not how they are now. */
  onDetach?: () => void;
}

/** Ending a shell ends what runs in it: said before it is done, beside the way that ends nothing. */
export function EndShellDialog({ shells, people, onClose, onEnd, onDetach }: EndShellDialogProps) {
  const [first] = shells;
  const isOne = shells.length === 1 && first !== undefined;
  const what = isOne ? `${first.title} in ${first.guest}` : plural(shells.length, 'shell');
  const others = people.length > 0 ? ` ${people.join(', ')} would lose ${isOne ? 'it' : 'them'}.` : '';
  const it = isOne ? 'it' : 'them';
  return (
    <Dialog
      open
      onClose={onClose}
      title={onDetach ? `Close ${what}?` : `End ${what}?`}
      description={
        onDetach
          ? `Detached, ${isOne ? 'it goes' : 'they go'} on and can be brought back. Ended, what runs in ${it} is hung up.${others}`
          : `What runs in ${it} is hung up.${others}`
      }
      actions={
        <>
          <Button onClick={onClose}>Keep {it}</Button>
          {onDetach && (
            <Button icon="detach" onClick={onDetach}>
              Detach
            </Button>
          )}
          <Button look="danger" onClick={onEnd}>
            {isOne ? 'End the shell' : 'End the shells'}
          </Button>
        </>
      }
    >
      {!isOne && <p className="wrap-anywhere text-sm">{shells.map(({ title }) => title).join(', ')}</p>}
    </Dialog>
  );
}
