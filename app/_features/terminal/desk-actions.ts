import type { PageAction } from '../../_ui/index.ts';
import type { DeskShortcut } from './terminal-keys.ts';

/** What the palette offers about the pane that has the keys. */
export function deskActions(
  title: string,
  { panes, tabs }: { panes: number; tabs: number },
  does: { run: (what: DeskShortcut) => void; end: () => void },
): PageAction[] {
  const { run, end } = does;
  const doing = (what: DeskShortcut) => () => run(what);
  const all: PageAction[] = [
    {
      ...{ id: 'split-right', icon: 'split-right', label: 'split terminal right', shortcut: 'Ctrl Shift E' },
      run: doing('split-right'),
    },
    {
      ...{ id: 'split-down', icon: 'split-down', label: 'split terminal down', shortcut: 'Ctrl Shift O' },
      run: doing('split-down'),
    },
    {
      ...{ id: 'detach', icon: 'detach', label: `detach ${title}: it goes on`, shortcut: 'Ctrl Shift D' },
      run: doing('detach'),
    },
    { ...{ id: 'end', icon: 'close', label: `end ${title}` }, run: end },
  ];
  if (tabs > 1)
    all.push(
      {
        ...{ id: 'move-left', icon: 'left', label: 'move tab left', shortcut: 'Ctrl Shift PageUp' },
        run: doing('move-left'),
      },
      {
        ...{ id: 'move-right', icon: 'right', label: 'move tab right', shortcut: 'Ctrl Shift PageDown' },
        run: doing('move-right'),
      },
    );
  if (panes < 2) return all;
  return [
    ...all,
    {
      ...{
        id: 'maximise',
        icon: 'maximise',
        label: 'maximise or restore terminal',
        shortcut: 'Ctrl Shift X',
      },
      run: doing('maximise'),
    },
    {
      ...{
        id: 'broadcast',
        icon: 'broadcast',
        label: 'broadcast input to terminals',
        shortcut: 'Ctrl Shift B',
      },
      run: doing('broadcast'),
    },
  ];
}
