'use client';

import { CSPProvider } from '@base-ui/react/csp-provider';
import type { ReactNode } from 'react';
import { ApiProvider } from './_trpc/provider.tsx';
import { ToastProvider } from './_ui/toast.tsx';
import { TooltipProvider } from './_ui/tooltip.tsx';

/** What every page needs: the API, toasts and tooltips. The primitives may write no <style> elements (CSP). */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <CSPProvider disableStyleElements>
      <ApiProvider>
        <TooltipProvider>
          <ToastProvider>{children}</ToastProvider>
        </TooltipProvider>
      </ApiProvider>
    </CSPProvider>
  );
}
