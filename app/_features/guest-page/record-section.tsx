'use client';

import type { GuestView } from '../../../server/guest/schema.ts';
import { useMay } from '../../_trpc/index.ts';
import { NotesSection } from './notes-section.tsx';
import { OwnerField } from './owner-field.tsx';
import { ProjectField } from './project-field.tsx';
import { TagsField } from './tags-field.tsx';

/** What people say about a guest: whose it is, its tags and its notes. */
export function RecordSection({ guest }: { guest: GuestView }) {
  const refusal = useMay()('guest.configure', guest.id);
  return (
    <section aria-label="record" className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
      <div className="flex min-w-0 flex-col gap-4 rounded-lg border border-line bg-surface p-4">
        <TagsField guest={guest} refusal={refusal} />
        <OwnerField guest={guest} refusal={refusal} />
        <ProjectField guest={guest} refusal={refusal} />
      </div>
      <NotesSection guest={guest} refusal={refusal} />
    </section>
  );
}
