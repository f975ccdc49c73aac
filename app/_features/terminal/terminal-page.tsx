'use client';

import { useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import type { GuestState } from '../../../server/guest/state.ts';
import { isAllowed } from '../../../server/guest/state.ts';
import { Button, EmptyState, Skeleton } from '../../_ui/index.ts';
import { NewShellDialog } from './new-shell-dialog.tsx';
import { ShellPane } from './shell-pane.tsx';
import { StartGuest } from './start-guest.tsx';
import { TabBar } from './tab-bar.tsx';
import { titlesOf } from './terminal-tab.ts';
import { useTerminalTabs } from './use-terminal-tabs.ts';

export interface TerminalPageProps {
  guest: string;
  /** Null while it is not known yet: an operation can be followed before the guest is there. */
  view: GuestView | null;
}

/** The shells of a guest: one pane each, all kept while the page is open. */
export function TerminalPage({ guest, view }: TerminalPageProps) {
  const state = view?.state ?? null;
  const canEnter = state !== null && isAllowed('enter', state);
  const tabs = useTerminalTabs(guest, canEnter);
  const [isAsking, setAsking] = useState(false);
  const titles = titlesOf(tabs.tabs);

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <TabBar
        tabs={tabs.tabs.map((tab, index) => ({ key: tab.key, title: titles[index] ?? 'shell' }))}
        active={tabs.current?.key ?? null}
        refusal={canEnter ? null : `guest ${guest} is ${state ?? 'not known yet'}: a shell needs it running`}
        onActivate={tabs.setActive}
        onClose={(key) => {
          const tab = tabs.tabs.find((one) => one.key === key);
          if (tab) tabs.close(tab);
        }}
        onNew={() => tabs.open({})}
        onNewWith={() => setAsking(true)}
      />
      {tabs.tabs.map((tab) => (
        <ShellPane
          key={tab.key}
          guest={guest}
          view={view}
          session={tab.session}
          operation={tab.operation}
          request={tab.request}
          hidden={tab !== tabs.current}
          onSession={(session) => tabs.change(tab.key, { session, operation: null })}
          onRequest={(request) => tabs.change(tab.key, { session: null, operation: null, request })}
          onOperation={(operation) => tabs.change(tab.key, { session: null, operation })}
        />
      ))}
      {tabs.tabs.length === 0 && (
        <NoShell
          guest={guest}
          state={state}
          isLoading={tabs.isLoading}
          onOpen={() => tabs.open({})}
          onStarted={tabs.follow}
        />
      )}
      <NewShellDialog
        guest={guest}
        open={isAsking}
        onClose={() => setAsking(false)}
        onOpen={(request) => {
          setAsking(false);
          tabs.open(request);
        }}
      />
    </div>
  );
}

function NoShell(props: {
  guest: string;
  state: GuestState | null;
  isLoading: boolean;
  onOpen: () => void;
  onStarted: (operation: string) => void;
}) {
  const { guest, state, isLoading } = props;
  if (state === null || (isLoading && isAllowed('enter', state))) {
    return (
      <div className="p-4" role="status" aria-label="looking for shells">
        <Skeleton className="w-48" />
      </div>
    );
  }
  if (isAllowed('enter', state)) {
    return (
      <EmptyState
        title="No shell is open"
        action={
          <Button look="primary" onClick={props.onOpen}>
            Open a shell
          </Button>
        }
      >
        A shell runs on when you leave this page; it is here when you come back.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={`${guest} is ${state}`}
      action={
        <StartGuest
          guest={guest}
          state={state}
          label={state === 'frozen' ? 'Unfreeze and open a shell' : 'Start and open a shell'}
          onStarted={props.onStarted}
        />
      }
    >
      A shell needs a running guest. Its steps show here, then the prompt.
    </EmptyState>
  );
}
