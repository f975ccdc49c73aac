'use client';

import { Toast as Base } from '@base-ui/react/toast';
import type { ReactNode } from 'react';
import { buttonClass } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import { TONE_ICON, TONE_TEXT, type Tone } from './tone.ts';

interface Look {
  tone: Tone;
  icon: IconName | undefined;
}

const manager = Base.createToastManager<Look>();
/** A notice tells what is so, not that something is under way. */
const NOTICE_ICON: Partial<Record<Tone, IconName>> = { ok: 'done', wait: 'warning' };
/** The notice on show about each thing. */
const shown = new Map<string, string>();

export interface Notice {
  title: string;
  detail?: string;
  /** `ok` unless told; `bad` stays until it is closed. */
  tone?: Tone;
  /** Instead of the tone's. */
  icon?: IconName;
  /** Undo, or a way to see more. */
  action?: { label: string; run: () => void };
  /** What it is about: a newer notice about the same takes the place of the one before. */
  about?: string;
}

/** Say that something happened, at the edge of the page. */
export function notify({ title, detail, tone = 'ok', icon, action, about }: Notice): void {
  const before = about === undefined ? undefined : shown.get(about);
  if (before !== undefined) manager.close(before);
  const id = manager.add({
    title,
    description: detail,
    timeout: tone === 'bad' ? 0 : action ? 10_000 : 5000,
    priority: tone === 'bad' ? 'high' : 'low',
    data: { tone, icon },
    actionProps: action && {
      children: action.label,
      onClick: () => {
        manager.close(id);
        action.run();
      },
    },
    onRemove: () => {
      if (about !== undefined && shown.get(about) === id) shown.delete(about);
    },
  });
  if (about !== undefined) shown.set(about, id);
}

/** Where notices show; F6 moves the focus to them. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={4}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed right-4 bottom-[calc(16px+var(--bottom-bar,0px))] z-60 flex w-[calc(100vw-32px)] flex-col gap-2 sm:w-90">
          <Toasts />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function Toasts() {
  const { toasts } = Base.useToastManager<Look>();
  return toasts.map((toast) => {
    const tone = toast.data?.tone ?? 'ok';
    return (
      <Base.Root
        key={toast.id}
        toast={toast}
        swipeDirection={['right', 'down']}
        className="rounded-md border border-line bg-raised shadow-pop transition-opacity duration-150 data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
      >
        <Base.Content className="flex items-start gap-2 p-3">
          <Icon
            name={toast.data?.icon ?? NOTICE_ICON[tone] ?? TONE_ICON[tone]}
            className={`mt-0.5 ${TONE_TEXT[tone]}`}
          />
          <div className="wrap-anywhere min-w-0 flex-1">
            <Base.Title className="font-medium text-sm" render={<p />} />
            <Base.Description className="text-muted text-sm" />
          </div>
          <Base.Action className={buttonClass('secondary')} />
          <Base.Close aria-label="Close" className={buttonClass('quiet', 'w-8 px-0!')}>
            <Icon name="close" size={14} />
          </Base.Close>
        </Base.Content>
      </Base.Root>
    );
  });
}
