'use client';

import { useQuery } from '@tanstack/react-query';
import type { LinkView } from '../../../server/user/schema.ts';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { IconButton, notify, RelativeTime } from '../../_ui/index.ts';

function nameOf({ kind, role, guest, project, tag, username }: LinkView): string {
  if (kind === 'reset') return `new password for ${username}`;
  return `invitation as ${role}${guest ? ` of ${guest.name}` : project ? ` in ${project}` : tag ? ` of guests with ${tag}` : ''}`;
}

/** Links that were made and not used, and how to take them back. */
export function OpenLinks() {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const links = useQuery(trpc.user.links.queryOptions());
  if (links.error) return <p className="px-6 py-4 text-bad text-sm">{toApiError(links.error).message}</p>;
  if (!links.data || links.data.length === 0) return null;
  const withdraw = async (link: LinkView) => {
    try {
      await api.user.withdraw.mutate({ link: link.id });
    } catch (error) {
      notify({ title: 'the link is as before', detail: toApiError(error).message, tone: 'bad' });
    }
  };
  return (
    <section aria-label="Open links" className="mx-4 mt-6 max-w-4xl sm:mx-6">
      <h2 className="font-medium text-base">Open links</h2>
      <ul className="mt-2 border-line border-t">
        {links.data.map((link) => (
          <li key={link.id} className="flex items-center gap-4 border-line border-b py-2 text-sm">
            <span className="wrap-anywhere min-w-0 flex-1">
              {nameOf(link)}{' '}
              <span className="text-muted">
                by {link.createdBy}, ends <RelativeTime at={link.expiresAt} ahead />
              </span>
            </span>
            <IconButton
              icon="trash"
              label={`Withdraw the ${nameOf(link)}`}
              onClick={() => void withdraw(link)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
