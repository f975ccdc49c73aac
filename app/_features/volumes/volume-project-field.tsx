'use client';

import { useQuery } from '@tanstack/react-query';
import { useMay, useTRPC } from '../../_trpc/index.ts';
import { Field, Select } from '../../_ui/index.ts';

export interface VolumeProjectFieldProps {
  value: string;
  problem: string | null;
  onChange: (project: string) => void;
}

/** Of which project a volume is: those in which this person may make volumes, and the one that it has. */
export function VolumeProjectField({ value, problem, onChange }: VolumeProjectFieldProps) {
  const trpc = useTRPC();
  const may = useMay();
  const projects = useQuery(trpc.project.list.queryOptions()).data ?? [];
  const names = projects
    .map(({ name }) => name)
    .filter((name) => name !== value && may('volume.manage', { project: name }) === null);
  return (
    <Field label="Project" hint="Its people may mount it in their guests." error={problem}>
      {(control) => (
        <Select
          {...control}
          value={value}
          options={[value, ...names].toSorted().map((name) => ({ value: name, label: name }))}
          onChange={onChange}
        />
      )}
    </Field>
  );
}
