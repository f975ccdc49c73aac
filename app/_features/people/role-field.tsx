'use client';

import { useQuery } from '@tanstack/react-query';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
import { Field, Select } from '../../_ui/index.ts';

/** Chooses one of all roles. */
export function RoleField(props: {
  value: string;
  problem?: string | null;
  onChange: (role: string) => void;
}) {
  const { value, problem, onChange } = props;
  const roles = useQuery(useTRPC().role.list.queryOptions());
  return (
    <Field label="Role" error={problem ?? (roles.error ? toApiError(roles.error).message : null)}>
      {(control) => (
        <Select
          {...control}
          value={value}
          options={(roles.data ?? []).map(({ name, about }) => ({ value: name, label: name, detail: about }))}
          onChange={onChange}
        />
      )}
    </Field>
  );
}
