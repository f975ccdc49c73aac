'use client';

import { useState } from 'react';
import { type GuestProcess, signalProcessInput } from '../../../server/guest/effects-schema.ts';
import { ALONE, toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands, Field, Icon, notify, Select } from '../../_ui/index.ts';

export type Signal = (typeof signalProcessInput.shape.signal.options)[number];

const DOES: Readonly<Record<Signal, string>> = {
  SIGTERM: 'asks it to end',
  SIGKILL: 'ends it at once: what it holds in memory is lost',
  SIGHUP: 'many daemons read their configuration again; others end',
  SIGINT: 'as Ctrl C',
  SIGSTOP: 'stops it until SIGCONT',
  SIGCONT: 'lets it go on',
  SIGUSR1: 'means what the program says',
  SIGUSR2: 'means what the program says',
};

export interface SignalDialogProps {
  guest: string;
  process: GuestProcess;
  /** What is chosen at first. */
  signal: Signal;
  onClose: () => void;
}

/** Sends a signal to one process, after it was said what that does. */
export function SignalDialog({ guest, process, signal, onClose }: SignalDialogProps) {
  const api = useTRPCClient();
  const [chosen, setChosen] = useState(signal);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { pid, guestPid } = process;
  const isInit = guestPid === 1;
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      await api.guest.signalProcess.mutate({ guest, pid, signal: chosen }, ALONE);
      onClose();
      notify({ title: `${chosen} was sent to ${guestPid ?? pid}`, detail: process.command.slice(0, 120) });
    } catch (cause) {
      setError(toApiError(cause).message);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Signal process ${guestPid ?? pid}?`}
      description={<code className="text-xs">{process.command}</code>}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" busy={busy} onClick={() => void send()}>
            Send {chosen}
          </Button>
        </>
      }
    >
      <Field label="Signal">
        {(control) => (
          <Select
            {...control}
            value={chosen}
            options={signalProcessInput.shape.signal.options.map((value) => ({
              value,
              label: value,
              detail: DOES[value],
            }))}
            onChange={setChosen}
          />
        )}
      </Field>
      {isInit && (
        <p className="flex items-start gap-1.5 text-sm text-wait">
          <Icon name="warning" size={14} className="mt-0.75" />
          It is the init of {guest}: when it ends, every process of the guest ends.
        </p>
      )}
      {error && (
        <p role="alert" className="wrap-anywhere text-bad text-sm">
          {error}
        </p>
      )}
      <EquivalentCommands
        cli={`berth guest exec ${guest} -- kill -${chosen.slice(3)} ${guestPid ?? pid}`}
        api={{ procedure: 'guest.signalProcess', input: { guest, pid, signal: chosen } }}
      />
    </Dialog>
  );
}
