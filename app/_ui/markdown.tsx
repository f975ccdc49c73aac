'use client';

import { lazy, Suspense } from 'react';

const MarkdownView = lazy(() => import('./markdown-view.tsx'));

/** What somebody wrote in Markdown, sanitised. Its reader is loaded with the first text. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown wrap-anywhere min-w-0 text-sm">
      <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
        <MarkdownView text={text} />
      </Suspense>
    </div>
  );
}
