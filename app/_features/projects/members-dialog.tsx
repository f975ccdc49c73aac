'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toApiError, useMay, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, Field, IconButton, Select, Skeleton } from '../../_ui/index.ts';
import { RoleField } from '../people/index.ts';

/** Who has which role in a project; roles for everything are on the page of people. */
export function MembersDialog({ project, onClose }: { project: string; onClose: () => void }) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const refusal = useMay()('people.manage');
  const people = useQuery(trpc.user.list.queryOptions());
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const members = people.data?.flatMap(({ username, grants }) =>
    grants.filter((grant) => grant.project === project).map(({ role }) => ({ username, role })),
  );
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(toApiError(error).message);
    }
    setBusy(false);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Members of ${project}`}
      description="Who has a role for everything is in every project, and not listed here."
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {members ? (
        <ul aria-label="members">
          {members.map(({ username, role }) => (
            <li
              key={`${username} ${role}`}
              className="flex items-center gap-3 border-line border-b py-2 text-sm"
            >
              <span className="wrap-anywhere min-w-0 flex-1">
                {username} <span className="text-muted">{role}</span>
              </span>
              <IconButton
                icon="close"
                label={`Take the role ${role} from ${username}`}
                disabledReason={refusal}
                onClick={() => void run(() => api.user.take.mutate({ username, role, project }))}
              />
            </li>
          ))}
          {members.length === 0 && <li className="text-muted text-sm">nobody yet</li>}
        </ul>
      ) : people.error ? (
        <p role="alert" className="text-bad text-sm">
          {toApiError(people.error).message}
        </p>
      ) : (
        <Skeleton />
      )}
      <AddMember
        users={people.data?.map(({ username }) => username) ?? []}
        refusal={refusal}
        problem={problem}
        busy={busy}
        onAdd={(username, role) => void run(() => api.user.grant.mutate({ username, role, project }))}
      />
    </Dialog>
  );
}

function AddMember(props: {
  users: readonly string[];
  refusal: string | null;
  problem: string | null;
  busy: boolean;
  onAdd: (username: string, role: string) => void;
}) {
  const { users, refusal, problem, busy, onAdd } = props;
  const [chosen, setChosen] = useState('');
  const [role, setRole] = useState('user');
  const user = chosen || users[0] || '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAdd(user, role);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3">
        <Field label="User" error={problem}>
          {(control) => (
            <Select
              {...control}
              value={user}
              options={users.map((value) => ({ value, label: value }))}
              onChange={setChosen}
            />
          )}
        </Field>
        <RoleField value={role} onChange={setRole} />
      </div>
      <Button
        type="submit"
        icon="plus"
        busy={busy}
        disabledReason={refusal ?? (user ? null : 'there is nobody')}
      >
        Give the role
      </Button>
    </form>
  );
}
