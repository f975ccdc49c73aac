'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTRPC } from '../../_trpc/index.ts';
import {
  Icon,
  IconButton,
  Kbd,
  Menu,
  notify,
  plural,
  setTheme,
  type Theme,
  useTheme,
} from '../../_ui/index.ts';
import { UnreadNotices } from '../notices/index.ts';
import { Mark, NarrowNavigation } from './navigation.tsx';
import { signOut } from './sign-out.ts';

export interface HeaderProps {
  user: { username: string; name: string };
  onPalette: () => void;
  onHelp: () => void;
}

/** What is at the top of every page. */
export function Header({ user, onPalette, onHelp }: HeaderProps) {
  return (
    <header className="sticky top-0 z-20 flex h-12 shrink-0 items-center gap-1 border-line border-b bg-surface px-2 sm:px-4">
      <NarrowNavigation />
      <Link href="/guests" aria-label="Berth" className="flex size-10 items-center justify-center sm:hidden">
        <Mark />
      </Link>
      <button
        type="button"
        onClick={onPalette}
        className="flex h-8 items-center gap-2 rounded-md border border-line bg-canvas px-2.5 text-muted text-sm hover:border-line-strong hover:text-ink max-sm:hidden sm:w-72"
      >
        <Icon name="search" />
        <span className="flex-1 text-left">Find or do anything</span>
        <Kbd keys="Ctrl K" />
      </button>
      <div className="ml-auto flex items-center gap-1">
        <RunningOperations />
        <UnreadNotices />
        <div className="sm:hidden">
          <IconButton icon="search" label="Find anything" onClick={onPalette} />
        </div>
        <div className="max-sm:hidden">
          <IconButton icon="help" label="Keyboard shortcuts" shortcut="?" onClick={onHelp} />
        </div>
        <ThemeMenu />
        <UserMenu user={user} />
      </div>
    </header>
  );
}

/** How many operations are at work, and the way to them. */
function RunningOperations() {
  const trpc = useTRPC();
  const running = useQuery(trpc.operation.list.queryOptions({ status: 'running' })).data?.length ?? 0;
  return (
    <div aria-live="polite">
      {running > 0 && (
        <Link
          href="/operations"
          className="flex h-8 items-center gap-2 rounded-md px-2 text-sm text-wait hover:bg-hover"
        >
          <Icon name="busy" />
          <span className="max-sm:sr-only">{plural(running, 'operation')}</span>
          <span aria-hidden="true" className="sm:hidden">
            {running}
          </span>
        </Link>
      )}
    </div>
  );
}

const THEMES: { theme: Theme; label: string }[] = [
  { theme: 'system', label: 'As the system' },
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
];

function ThemeMenu() {
  const chosen = useTheme();
  const icon = chosen === 'light' ? 'sun' : chosen === 'dark' ? 'moon' : 'display';
  return (
    <Menu
      trigger={<IconButton icon={icon} label="Look" />}
      entries={THEMES.map(({ theme, label }) => ({
        label,
        checked: theme === chosen,
        onChange: () => setTheme(theme),
      }))}
    />
  );
}

function UserMenu({ user }: { user: HeaderProps['user'] }) {
  const router = useRouter();
  const leave = async () => {
    try {
      await signOut();
      // A whole new page: nothing of the session stays in memory.
      window.location.assign('/login');
    } catch {
      notify({ title: 'could not sign out', detail: 'The server cannot be reached.', tone: 'bad' });
    }
  };
  return (
    <Menu
      trigger={<IconButton icon="user" label={`Signed in as ${user.username}`} />}
      entries={[
        { heading: user.name === user.username ? user.name : `${user.name} (${user.username})` },
        { label: 'Your account', icon: 'gear', onSelect: () => router.push('/account') },
        { label: 'Sign out', icon: 'leave', onSelect: () => void leave() },
      ]}
    />
  );
}
