'use client';

import type { GuestView } from '../../../server/guest/schema.ts';
import { useMay } from '../../_trpc/index.ts';
import { CustomFields } from './custom-fields.tsx';
import { ExpiryField } from './expiry-field.tsx';
import { LinksField } from './links-field.tsx';
import { NotesSection } from './notes-section.tsx';
import { ProjectField } from './project-field.tsx';
import { TagsField } from './tags-field.tsx';
import { WordField } from './word-field.tsx';

/** What people say about a guest: whose it is, until when, its tags, fields and notes. */
export function RecordSection({ guest }: { guest: GuestView }) {
  const refusal = useMay()('guest.configure', guest.id);
  return (
    <section aria-label="record" className="grid gap-4 lg:grid-cols-2">
      <div className="grid min-w-0 content-start gap-4 rounded-lg border border-line bg-surface p-4 sm:grid-cols-2">
        <div className="min-w-0 sm:col-span-2">
          <TagsField guest={guest} refusal={refusal} />
        </div>
        <WordField
          guest={guest}
          refusal={refusal}
          title="Owner"
          hint="A user name, or nothing for nobody."
          text={guest.owner ?? ''}
          nothing="nobody"
          change={(text) => ({ owner: text || null })}
        />
        <WordField
          guest={guest}
          refusal={refusal}
          title="Contact"
          hint="Who to ask: a name, an address, a number."
          text={guest.contact}
          nothing="nobody"
          change={(contact) => ({ contact })}
        />
        <ExpiryField guest={guest} refusal={refusal} />
        <LinksField guest={guest} refusal={refusal} />
        <ProjectField guest={guest} refusal={refusal} />
        <CustomFields guest={guest} refusal={refusal} />
      </div>
      <NotesSection guest={guest} refusal={refusal} />
    </section>
  );
}
