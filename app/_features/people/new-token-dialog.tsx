'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useRef, useState } from 'react';
import { BUILT_IN_ROLES } from '../../../server/access/schema.ts';
import type { NewToken } from '../../../server/token/schema.ts';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, Field, Select, TextInput } from '../../_ui/index.ts';

const EVERYWHERE = ' everywhere';
const LIVES = [7, 30, 90, 366];

/** Makes a token: its name, what it may, where and how long. */
export function NewTokenDialog(props: { onClose: () => void; onMade: (token: NewToken) => void }) {
  const { onClose, onMade } = props;
  const trpc = useTRPC();
  const api = useTRPCClient();
  const form = useId();
  const first = useRef<HTMLInputElement>(null);
  const projects = useQuery(trpc.project.list.queryOptions());
  const [name, setName] = useState('');
  const [role, setRole] = useState<string>('viewer');
  const [where, setWhere] = useState(EVERYWHERE);
  const [days, setDays] = useState('90');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      const project = where === EVERYWHERE ? {} : { project: where };
      onMade(await api.account.createToken.mutate({ name, role, days: Number(days), ...project }));
    } catch (error) {
      setProblem(toApiError(error).message);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="New token"
      description="It may what the role allows and you may yourself, at the moment of each use."
      initialFocus={first}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form} busy={busy}>
            Make it
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Field label="Name" error={problem} hint="Such as the program that has it.">
          {(control) => (
            <TextInput
              {...control}
              ref={first}
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
                setProblem(null);
              }}
            />
          )}
        </Field>
        <Field label="Role">
          {(control) => (
            <Select
              {...control}
              value={role}
              options={Object.entries(BUILT_IN_ROLES).map(([value, { about }]) => ({
                ...{ value, label: value, detail: about },
              }))}
              onChange={setRole}
            />
          )}
        </Field>
        <Field label="Where">
          {(control) => (
            <Select
              {...control}
              value={where}
              options={[
                { value: EVERYWHERE, label: 'wherever you may' },
                ...(projects.data ?? []).map((project) => ({
                  ...{ value: project.name, label: project.name, detail: 'the guests of this project' },
                })),
              ]}
              onChange={setWhere}
            />
          )}
        </Field>
        <Field label="Good for">
          {(control) => (
            <Select
              {...control}
              value={days}
              options={LIVES.map((one) => ({ value: String(one), label: `${one} days` }))}
              onChange={setDays}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
