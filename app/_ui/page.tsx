import type { ReactNode } from 'react';

/** The frame of a page: it fills what the shell leaves. */
export function Page({ children }: { children: ReactNode }) {
  return <div className="flex min-h-0 flex-1 flex-col">{children}</div>;
}

/** A page's title, what it says at a glance, and what can be done on it. */
export function PageHeader({
  title,
  summary,
  actions,
}: {
  title: ReactNode;
  summary?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2 sm:px-6">
      <h1 className="min-w-0 truncate font-semibold text-xl">{title}</h1>
      {summary && <div className="min-w-0 text-muted text-sm">{summary}</div>}
      {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
