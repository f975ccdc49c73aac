'use client';

import { useRouter } from 'next/navigation';
import type { GrantView } from '../../../server/access/schema.ts';
import type { NewLink, PersonView } from '../../../server/user/schema.ts';
import { toApiError, useMay, useTRPCClient } from '../../_trpc/index.ts';
import { Badge, IconButton, Menu, type MenuEntry, notify, plural, RelativeTime } from '../../_ui/index.ts';

export interface PersonRowProps {
  person: PersonView;
  isMe: boolean;
  /** Why people cannot be changed; null: they can. */
  refusal: string | null;
  onSessions: () => void;
  onMail: () => void;
  onLink: (link: NewLink) => void;
}

const ROLES = ['admin', 'operator', 'user', 'viewer'];

/** A role, and where it holds. */
function grantText({ role, guest, project, tag }: GrantView): string {
  if (tag) return `${role} of guests with ${tag}`;
  if (guest) return `${role} of ${guest.name}`;
  return project ? `${role} in ${project}` : role;
}

/** One person, with what can be done about them. */
export function PersonRow({ person, isMe, refusal, onSessions, onMail, onLink }: PersonRowProps) {
  const { username, name, grants, disabledAt, sessions, seenAt, privileged, createdAt } = person;
  const { twoFactor, passkeys, mail } = person;
  const entries = useEntries({ person, isMe, refusal, onSessions, onMail, onLink });
  return (
    <li className="flex items-start gap-4 border-line border-b py-3">
      <div className="min-w-0 flex-1">
        <h2 className="flex flex-wrap items-center gap-x-2 font-medium text-base">
          <span className="wrap-anywhere">{username}</span>
          {name !== username && <span className="wrap-anywhere font-normal text-muted">{name}</span>}
          {isMe && <span className="font-normal text-muted text-sm">you</span>}
          {disabledAt && <Badge tone="bad">disabled</Badge>}
        </h2>
        <p className="wrap-anywhere text-sm">
          {grants.map(grantText).join(', ') || 'no role: may do nothing'}
          {privileged && ', privileged guests'}
          {twoFactor && ', signs in with a device'}
          {mail && `, ${mail}`}
          {passkeys > 0 && `, ${plural(passkeys, 'passkey')}`}
        </p>
        <p className="flex flex-wrap gap-x-4 text-muted text-sm">
          <span>{sessions === 0 ? 'not signed in' : `signed in with ${plural(sessions, 'browser')}`}</span>
          {seenAt && (
            <span>
              seen <RelativeTime at={seenAt} />
            </span>
          )}
          <span>
            since <RelativeTime at={createdAt} />
          </span>
        </p>
      </div>
      <Menu trigger={<IconButton icon="more" label={`Actions on ${username}`} />} entries={entries} />
    </li>
  );
}

function useEntries({ person, isMe, refusal, onSessions, onMail, onLink }: PersonRowProps): MenuEntry[] {
  const api = useTRPCClient();
  const router = useRouter();
  const noAudit = useMay()('audit.view');
  const { username, grants, disabledAt } = person;
  const run = async (work: Promise<unknown>, title: string) => {
    try {
      await work;
      notify({ title });
    } catch (error) {
      notify({ title: `${username} is as before`, detail: toApiError(error).message, tone: 'bad' });
    }
  };
  const reset = async () => {
    try {
      onLink(await api.user.reset.mutate({ username }));
    } catch (error) {
      notify({ title: 'no link was made', detail: toApiError(error).message, tone: 'bad' });
    }
  };
  const self = isMe ? 'another administrator can do that to you' : null;
  const everywhere = new Set(
    grants
      .filter(({ guest, project, tag }) => guest === null && project === null && tag === null)
      .map(({ role }) => role),
  );
  const disabledReason = refusal;
  return [
    { label: 'Sessions', icon: 'display', disabledReason, onSelect: onSessions },
    { label: 'Mail address', icon: 'pencil', disabledReason, onSelect: onMail },
    { label: 'New password by link', icon: 'copy', disabledReason, onSelect: () => void reset() },
    {
      label: 'Forget their device and passkeys',
      icon: 'undo',
      disabledReason: disabledReason ?? (person.twoFactor || person.passkeys > 0 ? null : 'they have none'),
      onSelect: () =>
        void run(api.user.forgetDevice.mutate({ username }), `${username} signs in with the password alone`),
    },
    {
      label: 'What they did',
      icon: 'clock',
      disabledReason: noAudit,
      onSelect: () => router.push(`/activity?person=${encodeURIComponent(username)}`),
    },
    'separator',
    ...[...ROLES, ...[...everywhere].filter((role) => !ROLES.includes(role))].map((role): MenuEntry => {
      const has = everywhere.has(role);
      return {
        label: has ? `Take the role ${role}` : `Give the role ${role}`,
        icon: has ? 'minus' : 'plus',
        disabledReason,
        onSelect: () =>
          void run(
            has ? api.user.take.mutate({ username, role }) : api.user.grant.mutate({ username, role }),
            has ? `${username} is ${role} no more, and signed out` : `${username} is ${role}`,
          ),
      };
    }),
    'separator',
    {
      label: 'Sign out everywhere',
      icon: 'leave',
      disabledReason,
      onSelect: () => void run(api.user.revoke.mutate({ username }), `${username} is signed out`),
    },
    disabledAt
      ? {
          label: 'Enable',
          icon: 'play',
          disabledReason,
          onSelect: () => void run(api.user.enable.mutate({ username }), `${username} can sign in again`),
        }
      : {
          label: 'Disable',
          icon: 'stop',
          disabledReason: disabledReason ?? self,
          onSelect: () => void run(api.user.disable.mutate({ username }), `${username} is disabled`),
        },
    {
      label: 'Delete',
      icon: 'trash',
      danger: true,
      disabledReason: disabledReason ?? self ?? (disabledAt ? null : 'disable them first'),
      onSelect: () => void run(api.user.delete.mutate({ username }), `${username} is deleted`),
    },
  ];
}
