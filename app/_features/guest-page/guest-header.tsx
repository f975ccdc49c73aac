'use client';

import type { ReactNode } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { Badge, CopyButton, Icon, PageHeader, RelativeTime, Tooltip } from '../../_ui/index.ts';
import { GuestNotices, GuestStateBadge } from '../guests/index.ts';
import { HereNow } from '../presence/index.ts';
import { GuestActions } from './guest-actions.tsx';

/** Name, state, what it is and where it is reached, and what can be done to it. */
export function GuestHeader({ guest }: { guest: GuestView }) {
  const { ipv4, ipv6 } = guest.addresses;
  return (
    <>
      <PageHeader
        title={guest.name}
        summary={
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <GuestStateBadge guest={guest} />
            {guest.isolation.privileged && (
              <Badge tone="bad" icon="warning">
                privileged
              </Badge>
            )}
            {guest.pendingRestart.length > 0 && (
              <Tooltip text={`counts from the next start: ${guest.pendingRestart.join(', ')}`}>
                <span>
                  <Badge tone="wait" icon="restart">
                    restart to apply
                  </Badge>
                </span>
              </Tooltip>
            )}
            <span className="max-sm:hidden">{guest.kind} guest</span>
            <span className="truncate">{guest.image}</span>
            {guest.startedAt && guest.initPid !== null && (
              <span className="max-sm:hidden">
                up <RelativeTime at={guest.startedAt} bare />
              </span>
            )}
            {ipv4 && <Address text={ipv4} />}
            {ipv6 && (
              <span className="max-lg:hidden">
                <Address text={ipv6} />
              </span>
            )}
            {guest.elsewhere !== null && (
              <span
                className="truncate"
                title="It is started, entered and configured at the console of its host"
              >
                on{' '}
                {guest.elsewhere === '' ? (
                  guest.host
                ) : (
                  <a
                    href={`${guest.elsewhere}/guests/${encodeURIComponent(guest.name)}`}
                    className="text-accent hover:underline"
                  >
                    {guest.host}
                  </a>
                )}
              </span>
            )}
            <HereNow guest={guest.id} />
          </div>
        }
        actions={<GuestActions guest={guest} />}
      />
      {guest.problem && !guest.waitingForMemory && <Problem>{guest.problem}</Problem>}
      <GuestNotices guest={guest} />
    </>
  );
}

function Address({ text }: { text: string }) {
  return (
    <span className="inline-flex items-center">
      <code className="text-ink text-sm">{text}</code>
      <CopyButton text={text} label={`Copy ${text}`} className="size-7" />
    </span>
  );
}

function Problem({ children }: { children: ReactNode }) {
  return (
    <p
      role="alert"
      className="wrap-anywhere mx-4 mb-2 flex items-start gap-2 rounded-md bg-bad-soft px-3 py-2 text-bad text-sm sm:mx-6"
    >
      <Icon name="warning" className="mt-0.5" />
      <span className="min-w-0">{children}</span>
    </p>
  );
}
