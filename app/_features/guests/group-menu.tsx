'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../_trpc/index.ts';
import { IconButton, Menu } from '../../_ui/index.ts';
import { useFieldNames } from './use-field-names.ts';

const GROUPINGS = [
  ['project', 'Project'],
  ['host', 'Host'],
  ['state', 'State'],
  ['kind', 'Kind'],
  ['image', 'Image'],
  ['owner', 'Owner'],
  ['by', 'Who made it'],
  ['contact', 'Contact'],
  ['tag', 'Tag'],
] as const;

/** By what guests are put together: a field, any tag, or the value of tags such as env=prod. */
export function GroupMenu({ group, onGroup }: { group: string; onGroup: (group: string) => void }) {
  const trpc = useTRPC();
  const tags = useQuery(
    trpc.guest.values.queryOptions({ key: 'tag', text: '=', limit: 50 }, { staleTime: 2000, gcTime: 10_000 }),
  );
  const names = [...new Set((tags.data ?? []).map(({ value }) => value.slice(0, value.indexOf('='))))];
  const fields = useFieldNames();
  const entry = (value: string, label: string) => ({
    label,
    checked: group === value,
    onChange: (on: boolean) => onGroup(on ? value : ''),
  });
  return (
    <Menu
      trigger={<IconButton icon="rows" label={group ? `Grouped by ${group}` : 'Group'} />}
      entries={[
        { heading: 'Group by' },
        ...GROUPINGS.map(([value, label]) => entry(value, label)),
        ...(fields.length + names.length > 0 ? (['separator'] as const) : []),
        ...fields.map((name) => entry(`field:${name}`, name)),
        ...names.map((name) => entry(`tag:${name}`, `${name}=…`)),
      ]}
    />
  );
}
