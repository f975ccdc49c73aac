'use client';

import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { SessionView } from '../../../server/console/schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { notify, useNarrow, useOfferActions, useStable } from '../../_ui/index.ts';
import { BroadcastBar } from './broadcast-bar.tsx';
import { deskActions } from './desk-actions.ts';
import { boxesOf, dividersOf, grown, leavesOf, neighbourOf, type Side, withRatio } from './desk-layout.ts';
import { type DeskPane, titlesOf } from './desk-pane.ts';
import { DeskPaneView } from './desk-pane-view.tsx';
import { tabOfPane } from './desk-state.ts';
import { EndShellDialog } from './end-shell-dialog.tsx';
import { PaneDivider } from './pane-divider.tsx';
import { RenameShellDialog } from './rename-shell-dialog.tsx';
import { TabBar, type TabBarProps } from './tab-bar.tsx';
import type { DeskShortcut } from './terminal-keys.ts';
import { useBroadcast } from './use-broadcast.ts';
import type { Desk } from './use-desk.ts';

export interface TerminalDeskProps extends Pick<TabBarProps, 'refusal' | 'onNew' | 'onNewWith' | 'newLabel'> {
  desk: Desk;
  /** Guests by name, as far as they are read. */
  guestOf: (name: string) => GuestView | null;
  /** Titles tell the guest, too. */
  isOfMany: boolean;
  /** Shells that run and are not on this desk. */
  others: readonly SessionView[];
  onOthers?: (session: SessionView) => void;
  /** Put something beside a pane. */
  onSplit: (pane: DeskPane, direction: 'right' | 'down') => void;
  /** What is shown while nothing is on it. */
  children: ReactNode;
}

/** Tabs of terminals, each divided into panes. A pane keeps its terminal however it is moved: it is placed, never made anew. */
export function TerminalDesk(props: TerminalDeskProps) {
  const { desk, guestOf, isOfMany, others, onSplit } = props;
  const { state, tab, focused } = desk;
  const isNarrow = useNarrow();
  const [ending, setEnding] = useState<{ panes: DeskPane[]; mayDetach: boolean } | null>(null);
  const [naming, setNaming] = useState<DeskPane | null>(null);
  const titles = useMemo(() => titlesOf(state.panes, isOfMany), [state.panes, isOfMany]);
  const titleOfPane = (key: string) => titles.get(key) ?? 'shell';

  const leaves = tab ? leavesOf(tab.layout) : [];
  const isOne = tab !== null && (tab.isFull || isNarrow);
  const boxes = tab ? boxesOf(isOne ? tab.focus : tab.layout) : new Map();
  const broadcast = useBroadcast([...boxes.keys()]);
  const paneOfKey = (key: string) => state.panes.find((pane) => pane.key === key) ?? null;

  const detach = (pane: DeskPane) => {
    desk.takeOff(pane, 'detach');
    if (pane.session === null) return;
    notify({
      title: `${titleOfPane(pane.key)} is detached and goes on`,
      action: {
        label: 'Bring it back',
        run: () => desk.put({ ...pane, key: pane.session ?? pane.key }, 'tab'),
      },
    });
  };
  /** Ask, unless there is nothing to lose. */
  const end = useStable((panes: DeskPane[], mayDetach: boolean) => {
    const over = panes.filter(({ key }) => broadcast.portOf(key)?.isOver ?? true);
    for (const pane of over) desk.takeOff(pane, 'end');
    const living = panes.filter((pane) => !over.includes(pane));
    if (living.length > 0) setEnding({ panes: living, mayDetach });
  });
  // What is not seen must not be typed into: another tab ends it.
  const { stop } = broadcast;
  const tabKey = tab?.key ?? null;
  useEffect(() => {
    if (tabKey !== null) stop();
  }, [tabKey, stop]);
  const toggleBroadcast = () => {
    if (broadcast.chosen) broadcast.stop();
    else if (tab && leaves.length > 1 && !isNarrow) {
      desk.changeTab(tab.focus, (one) => ({ ...one, isFull: false }));
      broadcast.start(leaves);
    }
  };
  const maximise = (pane: DeskPane) => {
    broadcast.stop();
    desk.changeTab(pane.key, (one) => ({ ...one, isFull: !one.isFull, focus: pane.key }));
  };
  const moveTabOf = (pane: DeskPane, by: -1 | 1) => {
    const its = tabOfPane(state, pane.key);
    if (its) desk.move(its.key, by);
  };
  const turn = (pane: DeskPane, verb: 'focus' | 'grow', side: Side) => {
    if (verb === 'grow') {
      if (!isOne) desk.changeTab(pane.key, (one) => ({ ...one, layout: grown(one.layout, pane.key, side) }));
      return;
    }
    const next = isOne ? nextOf(leaves, pane.key) : tab && neighbourOf(tab.layout, pane.key, side);
    if (next) desk.focus(next);
  };
  const run = useStable((pane: DeskPane, what: DeskShortcut) => {
    const [verb, side] = what.split('-') as [string, Side];
    if (what === 'broadcast') toggleBroadcast();
    else if (what === 'maximise') maximise(pane);
    else if (verb === 'split') onSplit(pane, side === 'right' ? 'right' : 'down');
    else if (verb === 'move') moveTabOf(pane, side === 'left' ? -1 : 1);
    else if (verb === 'focus' || verb === 'grow') turn(pane, verb, side);
    else if (broadcast.portOf(pane.key)?.isOver) end([pane], false);
    else detach(pane);
  });

  const actions = useMemo(
    () =>
      focused === null
        ? []
        : deskActions(
            titles.get(focused.key) ?? 'shell',
            { panes: leaves.length, tabs: state.tabs.length },
            {
              run: (what) => run(focused, what),
              end: () => end([focused], false),
            },
          ),
    [focused, titles, leaves.length, state.tabs.length, run, end],
  );
  useOfferActions(actions);

  const people = (panes: readonly DeskPane[]) => {
    const sessions = (desk.sessions ?? []).filter(({ id }) => panes.some(({ session }) => session === id));
    return [
      ...new Set(sessions.flatMap((session) => session.people.slice(session.people.length > 1 ? 0 : 1))),
    ];
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <TabBar
        tabs={state.tabs.map((one) => {
          const count = leavesOf(one.layout).length;
          return { key: one.key, title: titleOfPane(one.focus), count };
        })}
        active={tab?.key ?? null}
        refusal={props.refusal}
        newLabel={props.newLabel}
        others={others}
        onOthers={props.onOthers}
        isBroadcast={broadcast.chosen !== null}
        onBroadcast={leaves.length > 1 && !isNarrow ? toggleBroadcast : undefined}
        onActivate={(key) => {
          const to = state.tabs.find((one) => one.key === key);
          if (to) desk.focus(to.focus);
        }}
        onClose={(key) => {
          const from = state.tabs.find((one) => one.key === key);
          const panes = from ? leavesOf(from.layout).flatMap((leaf) => paneOfKey(leaf) ?? []) : [];
          end(panes, true);
        }}
        onMove={desk.move}
        onNew={props.onNew}
        onNewWith={props.onNewWith}
      />
      {broadcast.chosen && (
        <BroadcastBar
          count={broadcast.receivers.length}
          of={leaves.length}
          onAll={() => broadcast.start(leaves)}
          onStop={broadcast.stop}
        />
      )}
      {state.panes.length === 0 && props.children}
      <div className="relative min-h-0 flex-1 overflow-hidden" hidden={state.panes.length === 0}>
        {state.panes.map((pane) => (
          <DeskPaneView
            key={pane.key}
            pane={pane}
            guest={guestOf(pane.guest)}
            box={boxes.get(pane.key) ?? null}
            title={isOfMany || leaves.length > 1 ? titleOfPane(pane.key) : null}
            name={titleOfPane(pane.key)}
            isFocused={tab?.focus === pane.key}
            isFull={tab?.isFull ?? false}
            isNarrow={isNarrow}
            index={leaves.indexOf(pane.key) + 1}
            of={leaves.length}
            tabs={state.tabs.length}
            desk={desk}
            broadcast={broadcast}
            onDo={(what) => run(pane, what)}
            onNext={() => desk.focus(nextOf(leaves, pane.key))}
            onName={() => setNaming(pane)}
            onEnd={() => end([pane], false)}
          />
        ))}
        {tab &&
          !isOne &&
          dividersOf(tab.layout).map((divider) => (
            <PaneDivider
              key={divider.path}
              divider={divider}
              onRatio={(ratio) =>
                desk.changeTab(tab.focus, (one) => ({
                  ...one,
                  layout: withRatio(one.layout, divider.path, ratio),
                }))
              }
            />
          ))}
      </div>
      {naming && (
        <RenameShellDialog
          shell={{ guest: naming.guest, name: naming.request.name ?? null }}
          onClose={() => setNaming(null)}
          onRename={(name) => {
            desk.rename(naming, name);
            setNaming(null);
          }}
        />
      )}
      {ending && (
        <EndShellDialog
          shells={ending.panes.map(({ key, guest }) => ({ title: titleOfPane(key), guest }))}
          people={people(ending.panes)}
          onClose={() => setEnding(null)}
          onEnd={() => {
            for (const pane of ending.panes) desk.takeOff(pane, 'end');
            setEnding(null);
          }}
          onDetach={
            ending.mayDetach
              ? () => {
                  for (const pane of ending.panes) detach(pane);
                  setEnding(null);
                }
              : undefined
          }
        />
      )}
    </div>
  );
}

function nextOf(leaves: readonly string[], pane: string): string {
  return leaves[(leaves.indexOf(pane) + 1) % leaves.length] ?? pane;
}
