'use client';

import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { cx, Icon, Kbd } from '../../_ui/index.ts';
import { useCompletions } from './use-completions.ts';

export interface SearchFieldProps {
  text: string;
  onText: (text: string) => void;
  /** What cannot be read in the text. */
  problem: string | null;
}

/** The search as text. Keys, tags, images, owners and states are completed by what there is: arrows and Enter, Tab, or a press. */
export function SearchField({ text, onText, problem }: SearchFieldProps) {
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const completions = useCompletions(text);
  const shown = isOpen ? completions : [];
  const current = Math.min(active, shown.length - 1);
  // A word that is being completed is not wrong yet.
  const told = shown.length > 0 ? null : problem;

  const take = (index: number) => {
    const completion = shown[index];
    if (!completion) return;
    onText(completion.text);
    setActive(-1);
    setOpen(completion.count === null);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (shown.length === 0) {
      if (event.key === 'ArrowDown') setOpen(true);
      return;
    }
    if (event.key === 'ArrowDown') setActive((current + 1) % shown.length);
    else if (event.key === 'ArrowUp') setActive((Math.max(0, current) + shown.length - 1) % shown.length);
    else if (event.key === 'Enter' && current >= 0) take(current);
    else if (event.key === 'Tab' && !event.shiftKey) take(Math.max(0, current));
    else if (event.key === 'Escape') setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="relative min-w-0 flex-1 basis-full sm:max-w-md sm:basis-auto">
      <Icon name="search" className="pointer-events-none absolute top-2 left-2.5 text-muted max-sm:top-3" />
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label="Filter guests"
        aria-expanded={shown.length > 0}
        aria-controls={shown.length > 0 ? `${id}-list` : undefined}
        aria-autocomplete="list"
        aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
        data-shortcut="filter"
        value={text}
        onChange={(event) => {
          onText(event.currentTarget.value);
          setOpen(true);
          setActive(-1);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        placeholder="tag:web state:running mem>512M"
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        aria-invalid={told ? true : undefined}
        aria-describedby={`${id}-problem`}
        className="h-8 w-full rounded-md border border-line-strong bg-surface pr-8 pl-8 text-sm placeholder:text-muted aria-invalid:border-bad max-sm:h-10 max-sm:text-lg"
      />
      <span className="absolute top-1.5 right-2 text-muted max-sm:hidden">{!text && <Kbd keys="/" />}</span>
      {shown.length > 0 && (
        <div
          id={`${id}-list`}
          role="listbox"
          tabIndex={-1}
          aria-label="Completions"
          className="absolute top-full left-0 z-30 mt-1 max-h-72 w-full overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-pop"
        >
          {shown.map(({ label, count }, index) => (
            <div
              key={label}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === current}
              // Before the field loses the focus, and the list with it.
              onPointerDown={(event) => {
                event.preventDefault();
                take(index);
              }}
              onPointerMove={() => setActive(index)}
              className={cx(
                'flex min-h-8 cursor-default items-center gap-3 rounded-sm px-2 text-sm max-sm:min-h-10',
                index === current && 'bg-selected',
              )}
            >
              <span className="min-w-0 flex-1 truncate">{label}</span>
              {count !== null && <span className="text-muted text-xs">{count}</span>}
            </div>
          ))}
        </div>
      )}
      <p id={`${id}-problem`} role="status" className={told ? 'pt-1 text-bad text-sm' : 'sr-only'}>
        {told}
      </p>
    </div>
  );
}
