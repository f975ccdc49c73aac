'use client';

import { useState } from 'react';
import { Checkbox, Field, IconButton, Popover, Select } from '../../_ui/index.ts';
import {
  changeFontSize,
  changeTerminalSettings,
  LARGEST_FONT,
  SMALLEST_FONT,
  useTerminalSettings,
} from './terminal-settings.ts';
import { THEME_OPTIONS } from './terminal-themes.ts';
import type { TerminalView } from './terminal-view.ts';

/** How terminals look and speak, for all of this browser, and the button that shows it. */
export function TerminalSettingsPopover({ view }: { view: TerminalView | null }) {
  const settings = useTerminalSettings();
  const [told, setTold] = useState('');
  const { theme, fontSize, screenReader, webgl } = settings;
  return (
    <Popover trigger={<IconButton icon="gear" label="Look of terminals" />} title="Terminals in this browser">
      <Field label="Colours">
        {(control) => (
          <Select
            {...control}
            value={theme}
            options={THEME_OPTIONS}
            onChange={(next) => changeTerminalSettings({ theme: next })}
          />
        )}
      </Field>
      <fieldset className="flex items-center gap-1">
        <legend className="mb-1 font-medium text-sm">Text size</legend>
        <IconButton
          icon="minus"
          label="Smaller text"
          shortcut="Ctrl -"
          disabledReason={fontSize <= SMALLEST_FONT ? 'this is the smallest' : null}
          onClick={() => changeFontSize(-1)}
        />
        <output className="w-14 text-center text-sm">{fontSize} px</output>
        <IconButton
          icon="plus"
          label="Larger text"
          shortcut="Ctrl +"
          disabledReason={fontSize >= LARGEST_FONT ? 'this is the largest' : null}
          onClick={() => changeFontSize(1)}
        />
        <IconButton
          icon="undo"
          label="Text as at first"
          shortcut="Ctrl 0"
          onClick={() => changeFontSize(null)}
        />
      </fieldset>
      <div className="flex flex-col gap-1">
        <Checkbox
          label="Screen reader mode"
          checked={screenReader}
          onChange={(next) => {
            changeTerminalSettings({ screenReader: next });
            setTold(next ? 'Screen reader mode is on' : 'Screen reader mode is off');
          }}
        />
        <p className="text-muted text-xs">New lines are read out, and lines can be walked through.</p>
      </div>
      <div className="flex flex-col gap-1">
        <Checkbox
          label="Draw with WebGL"
          checked={webgl}
          onChange={(next) => changeTerminalSettings({ webgl: next })}
        />
        <p className="text-muted text-xs">{drawnBy(view, webgl)}</p>
      </div>
      <span role="status" className="sr-only">
        {told}
      </span>
    </Popover>
  );
}

function drawnBy(view: TerminalView | null, wanted: boolean): string {
  if (!wanted) return 'Drawn by the browser’s own text: slower, and always there.';
  if (view?.renderer === 'dom') return 'Not to be had here now: drawn by the browser’s own text.';
  return 'Several times faster; where it is missing the browser’s own text is used.';
}
