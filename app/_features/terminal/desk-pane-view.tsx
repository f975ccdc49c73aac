'use client';

import { useCallback } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { useMay } from '../../_trpc/index.ts';
import { cx } from '../../_ui/index.ts';
import type { Box } from './desk-layout.ts';
import type { DeskPane } from './desk-pane.ts';
import { PaneActions, PaneTitle } from './pane-tools.tsx';
import { type PanePort, ShellPane } from './shell-pane.tsx';
import type { DeskShortcut } from './terminal-keys.ts';
import type { Broadcast } from './use-broadcast.ts';
import type { Desk } from './use-desk.ts';

export interface DeskPaneViewProps {
  pane: DeskPane;
  guest: GuestView | null;
  /** Where it is; null: it is not seen now. */
  box: Box | null;
  /** Null where the tab tells it. */
  title: string | null;
  name: string;
  isFocused: boolean;
  isFull: boolean;
  isNarrow: boolean;
  index: number;
  of: number;
  /** How many tabs the desk has. */
  tabs: number;
  desk: Desk;
  broadcast: Broadcast;
  onDo: (what: DeskShortcut) => void;
  onNext: () => void;
  onName: () => void;
  onEnd: () => void;
}

const percent = (part: number) => `${part * 100}%`;

/** A pane in its place. */
export function DeskPaneView(props: DeskPaneViewProps) {
  const { pane, box, desk, broadcast, isFocused, of, isNarrow } = props;
  const { key } = pane;
  const refusal = useMay()('console.use', props.guest?.id);
  const { onPort: announce } = broadcast;
  const onPort = useCallback((port: PanePort | null) => announce(key, port), [announce, key]);
  const hasNeighbours = of > 1;
  const isReceiver = broadcast.receivers.includes(key);
  return (
    <section
      aria-label={`terminal ${props.name}`}
      hidden={box === null}
      onPointerDownCapture={() => desk.focus(key)}
      // Not its tools: a menu that closes gives the focus back to them, whatever was opened from it.
      onFocusCapture={({ target }) => target.closest('.xterm') && desk.focus(key)}
      className={cx(
        'absolute flex flex-col',
        box === null && 'hidden',
        hasNeighbours && !props.isFull && !isNarrow && 'border-t-2',
        hasNeighbours && (isFocused ? 'border-accent' : 'border-transparent'),
      )}
      style={
        box
          ? {
              left: percent(box.left),
              top: percent(box.top),
              width: percent(box.width),
              height: percent(box.height),
            }
          : undefined
      }
    >
      <ShellPane
        guest={pane.guest}
        view={props.guest}
        session={pane.session}
        operation={pane.operation}
        request={pane.request}
        hidden={box === null}
        isFocused={isFocused}
        hasNeighbours={hasNeighbours}
        isReceiver={isReceiver}
        title={
          props.title !== null && (
            <PaneTitle
              title={props.title}
              isFocused={isFocused}
              broadcast={
                broadcast.chosen && {
                  isReceiver,
                  isChosen: broadcast.chosen.has(key),
                  onChoose: (isChosen) => broadcast.choose(key, isChosen),
                }
              }
            />
          )
        }
        actions={
          <PaneActions
            title={props.name}
            refusal={refusal}
            isCompact={isNarrow || of > 1}
            isNarrow={isNarrow}
            of={of}
            index={props.index}
            tabs={props.tabs}
            isFull={props.isFull}
            onDo={props.onDo}
            onNext={props.onNext}
            onName={props.onName}
            onEnd={props.onEnd}
          />
        }
        onPort={onPort}
        onTyped={(data) => broadcast.typed(key, data)}
        onPasted={(text) => broadcast.pasted(key, text)}
        onDeskShortcut={props.onDo}
        onSession={(session) => desk.change(key, { session, operation: null })}
        onRequest={(request) => desk.change(key, { session: null, operation: null, request })}
        onOperation={(operation) => desk.change(key, { session: null, operation })}
      />
    </section>
  );
}
