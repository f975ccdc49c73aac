'use client';

import { Skeleton } from '../../_ui/index.ts';
import { ConfigurationEditor } from './configuration-editor.tsx';
import { useGuest } from './use-guest.ts';

/** What can be changed of a guest, as YAML and as a form. */
export function ConfigurationPage() {
  const { guest } = useGuest();
  return guest ? <ConfigurationEditor key={guest.id} guest={guest} /> : <Skeleton className="m-6 h-48" />;
}
