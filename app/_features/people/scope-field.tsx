'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useGuestsCalled, useTRPC } from '../../_trpc/index.ts';
import { Field, plural, SearchSelect } from '../../_ui/index.ts';

/** What a role is for: one of these, or everything. */
export interface Scope {
  project?: string;
  tag?: string;
  guest?: string;
}
export const EVERYWHERE: Scope = {};

/** Tags in one answer. */
const MOST_TAGS = 20;
const KINDS = ['project', 'tag', 'guest'] as const;
const DETAIL = {
  project: 'the guests of this project',
  tag: 'the guests with this tag',
  guest: 'this guest only',
} as const;

const nameOf = (scope: Scope) => scope.project ?? scope.tag ?? scope.guest ?? 'everywhere';
/** `tag:web`; empty: everywhere. */
const textOf = (scope: Scope) => {
  const kind = KINDS.find((one) => scope[one] !== undefined);
  return kind ? `${kind}:${scope[kind]}` : '';
};
const scopeOf = (text: string): Scope => {
  const kind = KINDS.find((one) => text.startsWith(`${one}:`));
  return kind ? { [kind]: text.slice(kind.length + 1) } : EVERYWHERE;
};

/** Chooses for what a role is: projects, tags and guests are searched by name, as there may be thousands. */
export function ScopeField({ value, onChange }: { value: Scope; onChange: (scope: Scope) => void }) {
  const trpc = useTRPC();
  const [text, setText] = useState<string | null>(null);
  const part = (text ?? '').trim().toLowerCase();
  const projects = useQuery(trpc.project.list.queryOptions());
  const tags = useQuery(
    trpc.guest.values.queryOptions(
      { key: 'tag', text: part.slice(0, 100), limit: MOST_TAGS },
      { enabled: text !== null, placeholderData: keepPreviousData, gcTime: 10_000 },
    ),
  );
  const { guests, more } = useGuestsCalled({ text });
  const has = (name: string) => name.toLowerCase().includes(part);
  const found: Scope[] = [
    ...(has('everywhere') ? [EVERYWHERE] : []),
    ...(projects.data ?? []).filter(({ name }) => has(name)).map(({ name }) => ({ project: name })),
    ...(tags.data ?? []).filter((tag) => has(tag.value)).map((tag) => ({ tag: tag.value })),
    ...guests.map(({ name }) => ({ guest: name })),
  ];
  return (
    <Field label="Where">
      {(control) => (
        <SearchSelect
          {...control}
          value={textOf(value)}
          valueLabel={nameOf(value)}
          options={found.map((scope) => {
            const kind = KINDS.find((one) => scope[one] !== undefined);
            return { value: textOf(scope), label: nameOf(scope), detail: kind && DETAIL[kind] };
          })}
          text={text}
          onText={setText}
          searchLabel="Find a project, a tag or a guest"
          aside={more > 0 && `and ${plural(more, 'other guest')}: write more of the name`}
          onChange={(next) => onChange(scopeOf(next))}
        />
      )}
    </Field>
  );
}
