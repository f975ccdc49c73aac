'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import type { NewLink } from '../../../server/user/schema.ts';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands, Field, Select } from '../../_ui/index.ts';
import { RoleField } from './role-field.tsx';

const EVERYWHERE = ' everywhere';
/** No guest's name begins with it. */
const PROJECT = 'project:';
const TAG = 'tag:';

/** Makes a link with which somebody becomes a user. */
export function InviteDialog(props: { onClose: () => void; onMade: (link: NewLink) => void }) {
  const { onClose, onMade } = props;
  const trpc = useTRPC();
  const api = useTRPCClient();
  const form = useId();
  const guests = useQuery(trpc.guest.list.queryOptions());
  const projects = useQuery(trpc.project.list.queryOptions());
  const [role, setRole] = useState('viewer');
  const [where, setWhere] = useState(EVERYWHERE);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const project = where.startsWith(PROJECT) ? where.slice(PROJECT.length) : undefined;
  const tag = where.startsWith(TAG) ? where.slice(TAG.length) : undefined;
  const guest = where === EVERYWHERE || (project ?? tag) !== undefined ? undefined : where;
  const scope = { ...(guest && { guest }), ...(project && { project }), ...(tag && { tag }) };
  const tags = [...new Set(guests.data?.flatMap((one) => one.tags))].toSorted();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      onMade(await api.user.invite.mutate({ role, ...scope }));
    } catch (error) {
      setProblem(toApiError(error).message);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Invite somebody"
      description="They choose a user name and a password with the link, which works once, for three days."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form} busy={busy}>
            Make the link
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <RoleField value={role} problem={problem} onChange={setRole} />
        <Field label="Where">
          {(control) => (
            <Select
              {...control}
              value={where}
              options={[
                { value: EVERYWHERE, label: 'everywhere' },
                ...(projects.data ?? []).map(({ name }) => ({
                  value: `${PROJECT}${name}`,
                  label: name,
                  detail: 'the guests of this project',
                })),
                ...tags.map((name) => ({
                  value: `${TAG}${name}`,
                  label: name,
                  detail: 'the guests with this tag',
                })),
                ...(guests.data ?? []).map(({ name }) => ({
                  value: name,
                  label: name,
                  detail: 'this guest only',
                })),
              ]}
              onChange={setWhere}
            />
          )}
        </Field>
        <EquivalentCommands
          cli={`berth user invite --role ${role}${guest ? ` --guest ${guest}` : ''}${project ? ` --project ${project}` : ''}${tag ? ` --tag ${tag}` : ''}`}
          api={{ procedure: 'user.invite', input: { role, ...scope } }}
        />
      </form>
    </Dialog>
  );
}
