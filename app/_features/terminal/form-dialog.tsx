'use client';

import { type ReactNode, useId } from 'react';
import { Button, Dialog } from '../../_ui/index.ts';

export interface FormDialogProps {
  open: boolean;
  title: string;
  /** What the button says that sends it. */
  submit: string;
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
}

/** A short form about a shell: Enter in any of its fields sends it. */
export function FormDialog({ open, title, submit, onClose, onSubmit, children }: FormDialogProps) {
  const form = useId();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
        className="flex flex-col gap-4"
      >
        {children}
      </form>
    </Dialog>
  );
}
