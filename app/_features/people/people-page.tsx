'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { NewLink, PersonView } from '../../../server/user/schema.ts';
import { toApiError, useMay, useTRPC } from '../../_trpc/index.ts';
import { Button, EmptyState, ErrorState, Page, PageHeader, plural, Skeleton } from '../../_ui/index.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { MailDialog } from './mail-dialog.tsx';
import { OpenLinks } from './open-links.tsx';
import { PersonRow } from './person-row.tsx';
import { ProviderSection } from './provider-section.tsx';
import { SessionsDialog } from './sessions-dialog.tsx';

/** Who there is, what each may do, and where they are signed in. */
export function PeoplePage() {
  const trpc = useTRPC();
  const list = useQuery(trpc.user.list.queryOptions());
  const me = useQuery(trpc.auth.me.queryOptions()).data?.user?.username ?? null;
  const refusal = useMay()('people.manage');
  const [isInviting, setInviting] = useState(false);
  const [made, setMade] = useState<{ title: string; link: NewLink } | null>(null);
  const [sessionsOf, setSessionsOf] = useState<string | null>(null);
  const [mailOf, setMailOf] = useState<PersonView | null>(null);
  const people = list.data;
  return (
    <Page>
      <PageHeader
        title="People"
        summary={people && plural(people.length, 'user')}
        actions={
          <Button look="primary" icon="plus" disabledReason={refusal} onClick={() => setInviting(true)}>
            Invite
          </Button>
        }
      />
      {people ? (
        people.length > 0 ? (
          <ul className="mx-4 max-w-4xl border-line border-t sm:mx-6">
            {people.map((person) => (
              <PersonRow
                key={person.id}
                person={person}
                isMe={person.username === me}
                refusal={refusal}
                onSessions={() => setSessionsOf(person.username)}
                onMail={() => setMailOf(person)}
                onLink={(link) => setMade({ title: `New password for ${person.username}`, link })}
              />
            ))}
          </ul>
        ) : (
          <EmptyState title="Nobody yet">Whoever you invite chooses a user name and a password.</EmptyState>
        )
      ) : list.error ? (
        <ErrorState
          title="The people cannot be read"
          message={toApiError(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <div
          role="status"
          aria-label="reading the people"
          className="flex max-w-4xl flex-col gap-5 px-6 py-6"
        >
          <Skeleton />
          <Skeleton />
        </div>
      )}
      {refusal === null && <OpenLinks />}
      {people && <ProviderSection refusal={refusal} />}
      {isInviting && (
        <InviteDialog
          onClose={() => setInviting(false)}
          onMade={(link) => {
            setInviting(false);
            setMade({ title: 'Invitation', link });
          }}
        />
      )}
      {made && <LinkDialog title={made.title} link={made.link} onClose={() => setMade(null)} />}
      {mailOf && <MailDialog person={mailOf} onClose={() => setMailOf(null)} />}
      {sessionsOf && <SessionsDialog username={sessionsOf} onClose={() => setSessionsOf(null)} />}
    </Page>
  );
}
