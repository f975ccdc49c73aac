'use client';

import { Button, Checkbox, cx, IconButton, Menu } from '../../_ui/index.ts';
import type { DeskShortcut } from './terminal-keys.ts';

export interface PaneActionsProps {
  title: string;
  /** Why this person may only look at it; null: they may use it. */
  refusal: string | null;
  /** Several panes share the tab, or the window is narrow: what does not fit is in the menu. */
  isCompact: boolean;
  /** How many panes the tab has, and which one this is, from 1. */
  of: number;
  index: number;
  /** How many tabs the desk has. */
  tabs: number;
  isFull: boolean;
  /** One pane is seen at a time, as the window is narrow. */
  isNarrow: boolean;
  onDo: (what: DeskShortcut) => void;
  onNext: () => void;
  onName: () => void;
  onEnd: () => void;
}

const SPLIT_RIGHT = { label: 'Split right', icon: 'split-right', shortcut: 'Ctrl Shift E' } as const;
const SPLIT_DOWN = { label: 'Split down', icon: 'split-down', shortcut: 'Ctrl Shift O' } as const;
const MOVE_LEFT = { label: 'Move the tab left', icon: 'left', shortcut: 'Ctrl Shift PageUp' } as const;
const MOVE_RIGHT = { label: 'Move the tab right', icon: 'right', shortcut: 'Ctrl Shift PageDown' } as const;
const DETACH = { label: 'Detach: the shell goes on', icon: 'detach', shortcut: 'Ctrl Shift D' } as const;

/** What can be done with a pane: divide it, give it the whole tab, detach its shell or end it. */
export function PaneActions(props: PaneActionsProps) {
  const { title, refusal, isCompact, isNarrow, of, index, tabs, isFull, onDo, onNext, onName, onEnd } = props;
  const doing = (what: DeskShortcut) => () => onDo(what);
  return (
    <>
      {of > 1 && isNarrow && (
        <IconButton icon="right" label={`Next pane (${index} of ${of} is shown)`} onClick={onNext} />
      )}
      {of > 1 && !isNarrow && (
        <IconButton
          icon="maximise"
          label={isFull ? 'Show all panes' : 'Give it the whole tab'}
          shortcut="Ctrl Shift X"
          pressed={isFull}
          onClick={doing('maximise')}
        />
      )}
      {isCompact ? (
        <Menu
          trigger={<IconButton icon="more" label={`More for ${title}`} />}
          entries={[
            { ...SPLIT_RIGHT, disabledReason: refusal, onSelect: doing('split-right') },
            { ...SPLIT_DOWN, disabledReason: refusal, onSelect: doing('split-down') },
            ...(tabs > 1
              ? [
                  { ...MOVE_LEFT, onSelect: doing('move-left') },
                  { ...MOVE_RIGHT, onSelect: doing('move-right') },
                ]
              : []),
            'separator',
            { label: 'Name it…', icon: 'pencil', disabledReason: refusal, onSelect: onName },
            { ...DETACH, onSelect: doing('detach') },
            {
              label: 'End the shell…',
              icon: 'close',
              danger: true,
              disabledReason: refusal,
              onSelect: onEnd,
            },
          ]}
        />
      ) : (
        <>
          <IconButton {...SPLIT_RIGHT} disabledReason={refusal} onClick={doing('split-right')} />
          <IconButton {...SPLIT_DOWN} disabledReason={refusal} onClick={doing('split-down')} />
          <IconButton icon="pencil" label="Name this shell" disabledReason={refusal} onClick={onName} />
          <Button look="quiet" icon="detach" aria-label={DETACH.label} onClick={doing('detach')}>
            Detach
          </Button>
          <Button
            look="quiet"
            icon="close"
            aria-label="End this shell"
            disabledReason={refusal}
            onClick={onEnd}
          >
            End
          </Button>
        </>
      )}
    </>
  );
}

export interface PaneTitleProps {
  title: string;
  isFocused: boolean;
  /** Null: broadcast is off. */
  broadcast: { isChosen: boolean; isReceiver: boolean; onChoose: (isChosen: boolean) => void } | null;
}

/** What a pane is called, and whether it gets what is typed in another one. */
export function PaneTitle({ title, isFocused, broadcast }: PaneTitleProps) {
  return (
    <>
      {broadcast && (
        <span className={cx('shrink-0', broadcast.isReceiver && 'font-medium text-bad')}>
          <Checkbox
            label={broadcast.isChosen && !broadcast.isReceiver ? 'takes no keys now' : 'Receives'}
            checked={broadcast.isChosen}
            onChange={broadcast.onChoose}
          />
        </span>
      )}
      <span
        className={cx('max-w-[min(16rem,40vw)] truncate', isFocused ? 'font-medium text-ink' : 'text-muted')}
      >
        {title}
      </span>
    </>
  );
}
