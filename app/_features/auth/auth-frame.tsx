import type { ReactNode } from 'react';

/** The frame of the pages before the console: a heading, what it is about, one form. */
export function AuthFrame({
  title,
  about,
  children,
}: {
  title: string;
  about?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <main className="flex min-h-dvh items-start justify-center px-4 py-8 sm:items-center sm:py-16">
      <div className="flex w-full max-w-sm flex-col gap-6">
        <div className="flex flex-col gap-2">
          <p className="font-semibold text-accent">Berth</p>
          <h1 className="font-semibold text-xl">{title}</h1>
          {about && <div className="text-muted">{about}</div>}
        </div>
        {children}
      </div>
    </main>
  );
}
