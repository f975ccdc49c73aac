import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import './globals.css';
import { Providers } from './providers.tsx';

/** Every page is rendered for its request: the content security policy's nonce is new each time. */
export const dynamic = 'force-dynamic';

export const metadata: Metadata = {
  title: { default: 'Berth', template: '%s · Berth' },
  description: 'Linux containers, driven from the kernel',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f7f8' },
    { media: '(prefers-color-scheme: dark)', color: '#0e1013' },
  ],
};

/** The look is read from cookies here, so it is right in the first paint and needs no inline script. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  const theme = jar.get('berth-theme')?.value;
  const density = jar.get('berth-density')?.value;
  return (
    <html
      lang="en"
      data-theme={theme === 'light' || theme === 'dark' ? theme : undefined}
      data-density={density === 'comfortable' ? 'comfortable' : undefined}
      suppressHydrationWarning
    >
      <body>
        <Providers>
          <div className="app-root">{children}</div>
        </Providers>
      </body>
    </html>
  );
}
