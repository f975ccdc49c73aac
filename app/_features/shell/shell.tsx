'use client';

import { useQuery } from '@tanstack/react-query';
import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { FollowDatabase, LiveStream, StaySignedIn, toApiError, useTRPC } from '../../_trpc/index.ts';
import { ErrorState } from '../../_ui/index.ts';
import { GuestDialogs, GuestEventNotices, openGuestDialog } from '../guests/index.ts';
import { Attendance, ChangeNotices } from '../presence/index.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { Header } from './header.tsx';
import { Navigation } from './navigation.tsx';
import { Palette } from './palette.tsx';
import { PLACES } from './places.ts';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { useShortcuts } from './use-shortcuts.ts';

/** Sends whoever is not signed in to the login, and shows the console to everyone else. */
export function Shell({ children }: { children: ReactNode }) {
  const trpc = useTRPC();
  const router = useRouter();
  const path = usePathname();
  const me = useQuery(trpc.auth.me.queryOptions());
  const nobody = me.data?.user === null;
  const toLogin = useCallback(() => {
    const { pathname, search } = window.location;
    router.replace(`/login?next=${encodeURIComponent(pathname + search)}`);
  }, [router]);

  useEffect(() => {
    if (nobody && path) toLogin();
  }, [nobody, path, toLogin]);

  if (me.data?.user) {
    return (
      <Console user={me.data.user} onSignedOut={toLogin}>
        {children}
      </Console>
    );
  }
  if (me.error && !me.data) {
    return (
      <ErrorState
        title="The console cannot start"
        message={toApiError(me.error).message}
        onRetry={() => void me.refetch()}
      />
    );
  }
  return <div role="status" aria-label="starting" className="min-h-dvh" />;
}

interface ConsoleProps {
  user: { username: string; name: string };
  onSignedOut: () => void;
  children: ReactNode;
}

function Console({ user, onSignedOut, children }: ConsoleProps) {
  const router = useRouter();
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  const palette = useCallback(() => setOpen('palette'), []);
  const help = useCallback(() => setOpen('help'), []);
  const newGuest = useCallback(() => openGuestDialog({ kind: 'new' }), []);
  const go = useCallback(
    (key: string) => {
      const place = PLACES.find((each) => each.key === key);
      if (place) router.push(place.href);
    },
    [router],
  );
  useShortcuts({ palette, help, newGuest, go });

  return (
    <div className="flex min-h-dvh">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-60 focus:m-2 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2"
      >
        Skip to the page
      </a>
      <LiveStream onSignedOut={onSignedOut} />
      <FollowDatabase />
      <StaySignedIn />
      <GuestEventNotices />
      <Attendance />
      <ChangeNotices />
      <Navigation />
      <div className="flex h-dvh min-w-0 flex-1 flex-col">
        <Header user={user} onPalette={palette} onHelp={help} />
        <ConnectionBanner />
        <main
          id="main"
          tabIndex={-1}
          className="relative flex min-h-0 flex-1 flex-col overflow-y-auto outline-none"
        >
          {children}
        </main>
      </div>
      <GuestDialogs />
      {open === 'palette' && <Palette onClose={() => setOpen(null)} onHelp={() => setOpen('help')} />}
      {open === 'help' && <ShortcutsDialog onClose={() => setOpen(null)} />}
    </div>
  );
}
