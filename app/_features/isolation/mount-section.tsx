'use client';

import Link from 'next/link';
import { useState } from 'react';
import type { IsolationView, MountView } from '../../../server/isolation/schema.ts';
import { Button, Chip, cx, TextInput } from '../../_ui/index.ts';
import { settingHref } from './differences-section.tsx';
import { filterMounts, orderMounts, PURPOSES } from './filter-mounts.ts';
import { Exact, FactTable, Section } from './section.tsx';

/** As many as are read without scrolling; hidden and read-only paths, the same in every guest, come after. */
const FIRST = 14;

/** Every mount of the guest's mount namespace, and what it is there for. */
export function MountSection({ live, guest }: { live: NonNullable<IsolationView['live']>; guest: string }) {
  const [text, setText] = useState('');
  const [purpose, setPurpose] = useState<MountView['purpose'] | null>(null);
  const [all, setAll] = useState(false);
  const found = orderMounts(filterMounts(live.mounts, text, purpose));
  const isCut = !all && text === '' && purpose === null && found.length > FIRST;
  const shown = isCut ? found.slice(0, FIRST) : found;
  const present = Object.keys(PURPOSES).filter((key) => live.mounts.some((mount) => mount.purpose === key));
  return (
    <Section
      title="Mounts"
      aside={
        found.length === live.mounts.length
          ? `${live.mounts.length}`
          : `${found.length} of ${live.mounts.length}`
      }
      actions={
        <Link
          href={settingHref(guest, 'isolation.mounts')}
          className="rounded-sm text-accent text-sm hover:underline"
        >
          Add or take away
        </Link>
      }
    >
      <div className="flex flex-wrap items-center gap-2 py-2">
        <TextInput
          type="search"
          aria-label="Filter mounts"
          placeholder="/proc tmpfs ro"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          className="max-w-60"
        />
        {present.map((key) => (
          <Chip
            key={key}
            pressed={purpose === key}
            aside={live.mounts.filter((mount) => mount.purpose === key).length}
            onClick={() => setPurpose(purpose === key ? null : (key as MountView['purpose']))}
          >
            {PURPOSES[key as MountView['purpose']]}
          </Chip>
        ))}
      </div>
      <FactTable
        label="mounts"
        columns={['In the guest', 'From', 'Type', 'Access', 'Propagation', 'For', 'Options']}
        empty="no mount matches"
        rows={shown.map((mount) => ({
          key: String(mount.id),
          mark: mount.purpose === 'configured',
          cells: [
            <Exact key="target">{mount.target}</Exact>,
            <Exact key="source">{mount.source}</Exact>,
            mount.type,
            <span key="access" className={cx('whitespace-nowrap', mount.readOnly && 'text-muted')}>
              {mount.readOnly ? 'read-only' : 'read-write'}
            </span>,
            mount.propagation,
            <span key="purpose" className="whitespace-nowrap text-muted">
              {PURPOSES[mount.purpose]}
            </span>,
            <span key="options" className="whitespace-nowrap font-mono text-muted text-xs">
              {mount.options.join(',')}
            </span>,
          ],
        }))}
      />
      {isCut && (
        <div className="pt-2">
          <Button onClick={() => setAll(true)}>Show all {found.length}</Button>
        </div>
      )}
    </Section>
  );
}
