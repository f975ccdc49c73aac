'use client';

import { type FormEvent, useId, useState } from 'react';
import { ALONE, toApiError, useMay, useTRPCClient } from '../../_trpc/index.ts';
import { Button, CommandLine, Field, shellQuote, TextInput } from '../../_ui/index.ts';

/** Those that tell most; any other can be typed. */
const OFTEN = {
  v2: ['memory.stat', 'memory.events', 'cpu.stat', 'cpu.max', 'io.stat', 'pids.max', 'cgroup.events'],
  v1: ['memory.stat', 'memory.failcnt', 'cpu.stat', 'cpu.cfs_quota_us', 'cpuacct.usage_percpu', 'pids.max'],
};

interface Answer {
  file: string;
  value: string;
  /** What was written before it was read. */
  written: string | null;
}

/** Read a file of the guest's own cgroup as the kernel has it, and write limits by hand. */
export function CgroupFile({
  guest,
  isUnified,
}: {
  guest: { id: string; name: string };
  isUnified: boolean;
}) {
  const api = useTRPCClient();
  const list = useId();
  const refusal = useMay()('guest.configure', guest.id);
  const [file, setFile] = useState('memory.stat');
  const [value, setValue] = useState('');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const ask = async (event: FormEvent) => {
    event.preventDefault();
    const [name, written] = [file.trim(), value.trim() || null];
    const input = { guest: guest.id, file: name };
    setBusy(true);
    setError(null);
    try {
      const { value: now } =
        written === null
          ? await api.guest.cgroup.query(input)
          : await api.guest.setCgroup.mutate({ ...input, value: written }, ALONE);
      setAnswer({ file: name, value: now, written });
      setValue('');
    } catch (failure) {
      setAnswer(null);
      setError(toApiError(failure).message);
    } finally {
      setBusy(false);
    }
  };

  const words = ['berth', 'guest', 'cgroup', guest.name, file.trim() || 'memory.stat'];
  return (
    <form onSubmit={(event) => void ask(event)} className="mt-4 flex min-w-0 flex-col gap-2">
      <div className="grid items-end gap-2 sm:grid-cols-[minmax(0,3fr)_minmax(0,2fr)_auto]">
        <Field label="File of its cgroup">
          {(control) => (
            <TextInput
              {...control}
              mono
              required
              list={list}
              value={file}
              onChange={(event) => setFile(event.currentTarget.value)}
            />
          )}
        </Field>
        <datalist id={list}>
          {OFTEN[isUnified ? 'v2' : 'v1'].map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Field label="New value">
          {(control) => (
            <TextInput
              {...control}
              mono
              placeholder="none: only read"
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
            />
          )}
        </Field>
        <Button type="submit" busy={isBusy} disabledReason={value.trim() === '' ? null : refusal}>
          {value.trim() === '' ? 'Read' : 'Write'}
        </Button>
      </div>
      {error && (
        <p role="alert" className="wrap-anywhere text-bad text-sm">
          {error}
        </p>
      )}
      {answer && (
        <section aria-label={`content of ${answer.file}`} className="min-w-0">
          <p className="text-muted text-xs">
            {answer.written === null
              ? `${answer.file} holds`
              : `${answer.file} was given ${answer.written}; until that limit is changed or it starts again it holds`}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
          <pre tabIndex={0} className="mt-1 max-h-72 overflow-auto rounded-md bg-sunken px-3 py-2 text-xs">
            {answer.value.trimEnd() || '(empty)'}
          </pre>
        </section>
      )}
      <CommandLine
        label="CLI"
        text={[...words, ...(value.trim() === '' ? [] : [value.trim()])].map(shellQuote).join(' ')}
      />
    </form>
  );
}
