'use client';

import { type FormEvent, useId, useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { ALONE, toApiError, useMay, useTRPCClient } from '../../_trpc/index.ts';
import {
  Button,
  Dialog,
  EquivalentCommands,
  Field,
  formatBytesExact,
  NumberInput,
  notify,
  parseBytes,
} from '../../_ui/index.ts';

type Decision = 'raise' | 'kill' | 'stop';

const MIB = 1024 ** 2;
const CHOICES: { decision: Decision; label: string; detail: string }[] = [
  { decision: 'raise', label: 'Raise the limit', detail: 'it gets more memory and goes on where it stands' },
  {
    decision: 'kill',
    label: 'End one process',
    detail: 'the one that the kernel picks; what it had not saved is lost',
  },
  { decision: 'stop', label: 'Stop the guest', detail: 'all its processes end' },
];
const DONE: Record<Decision, string> = {
  raise: 'goes on with more memory',
  kill: 'goes on without one process',
  stop: 'is stopped',
};

/** A half more, in whole MiB: room for what it was about to do. */
function moreMemory(bytes: number): number {
  return Math.ceil((bytes * 1.5) / MIB) * MIB;
}

/** What becomes of a guest that stands still because its memory is full. */
export function MemoryDialog({ guest, onClose }: { guest: GuestView; onClose: () => void }) {
  const api = useTRPCClient();
  const refusal = useMay()('guest.configure', guest.id);
  const form = useId();
  const [decision, setDecision] = useState<Decision>('raise');
  const [memory, setMemory] = useState(() => moreMemory(guest.limits.memory));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const input = { guest: guest.name, decision, ...(decision === 'raise' && { memory }) };
  const tooLittle = decision === 'raise' && !(memory > guest.limits.memory);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || tooLittle) return;
    setBusy(true);
    setProblem(null);
    try {
      await api.guest.decideMemory.mutate(input, ALONE);
      notify({ title: `${guest.name} ${DONE[decision]}`, about: guest.name });
      onClose();
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={`The memory of ${guest.name} is full`}
      description={`It may use ${formatBytesExact(guest.limits.memory)} and needs more, so it stands still. Nothing is lost until you decide.`}
      actions={
        <>
          <Button onClick={onClose}>Later</Button>
          <Button
            look={decision === 'raise' ? 'primary' : 'danger'}
            type="submit"
            form={form}
            busy={busy}
            disabledReason={
              refusal ?? (tooLittle ? `more than ${formatBytesExact(guest.limits.memory)}` : null)
            }
          >
            {CHOICES.find((choice) => choice.decision === decision)?.label}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <fieldset className="flex flex-col gap-2">
          <legend className="sr-only">What becomes of it</legend>
          {CHOICES.map((choice) => (
            <label
              key={choice.decision}
              className="flex cursor-pointer items-start gap-2 rounded-md border border-line-strong px-3 py-2 has-checked:border-accent has-checked:bg-selected has-focus-visible:outline-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="decision"
                checked={decision === choice.decision}
                onChange={() => setDecision(choice.decision)}
                className="mt-0.75 accent-accent"
              />
              <span className="flex flex-col">
                <span className="font-medium text-sm">{choice.label}</span>
                <span className="text-muted text-xs">{choice.detail}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {decision === 'raise' && (
          <Field
            label="Memory"
            aside={`now ${formatBytesExact(guest.limits.memory)}`}
            error={
              tooLittle ? `choose more than the ${formatBytesExact(guest.limits.memory)} that it has` : null
            }
          >
            {(control) => (
              <NumberInput
                {...control}
                label="memory"
                value={memory}
                min={guest.limits.memory + MIB}
                max={2 ** 53}
                parse={parseBytes}
                format={formatBytesExact}
                step={(value, direction) => value + direction * 64 * MIB}
                onChange={setMemory}
              />
            )}
          </Field>
        )}
        {problem && (
          <p role="alert" className="wrap-anywhere text-bad text-sm">
            {problem}
          </p>
        )}
        <EquivalentCommands
          cli={`berth guest memory ${guest.name} --${decision}${decision === 'raise' ? ` ${memory}` : ''}`}
          api={{ procedure: 'guest.decideMemory', input }}
        />
      </form>
    </Dialog>
  );
}
