'use client';

import { type FormEvent, useId, useState } from 'react';
import type { NewLink } from '../../../server/user/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands } from '../../_ui/index.ts';
import { RoleField } from './role-field.tsx';
import { EVERYWHERE, type Scope, ScopeField } from './scope-field.tsx';

/** Makes a link with which somebody becomes a user. */
export function InviteDialog(props: { onClose: () => void; onMade: (link: NewLink) => void }) {
  const { onClose, onMade } = props;
  const api = useTRPCClient();
  const form = useId();
  const [role, setRole] = useState('viewer');
  const [scope, setScope] = useState<Scope>(EVERYWHERE);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { guest, project, tag } = scope;

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
        <ScopeField value={scope} onChange={setScope} />
        <EquivalentCommands
          cli={`berth user invite --role ${role}${guest ? ` --guest ${guest}` : ''}${project ? ` --project ${project}` : ''}${tag ? ` --tag ${tag}` : ''}`}
          api={{ procedure: 'user.invite', input: { role, ...scope } }}
        />
      </form>
    </Dialog>
  );
}
