'use client';

import { Suspense } from 'react';
import { Page, PageHeader } from '../../_ui/index.ts';
import { DeskPage } from '../terminal/index.ts';
import { TerminalViews } from './terminal-views.tsx';

/** The desk: terminals of many guests, in tabs and side by side. */
export function TerminalDeskPage() {
  return (
    <Page>
      <div className="max-sm:hidden">
        <PageHeader title="Terminals" />
      </div>
      <TerminalViews />
      <Suspense>
        <DeskPage />
      </Suspense>
    </Page>
  );
}
