'use client';

import { useRouter } from 'next/navigation';
import { guestCsv } from '../../../server/guest/csv-schema.ts';
import { guestYaml } from '../../../server/guest/yaml-schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { IconButton, Menu, notify } from '../../_ui/index.ts';
import { fetchGuests } from './fetch-guests.ts';
import { chooseColumns } from './guest-columns.tsx';
import type { GuestSearch } from './use-guest-search.ts';

/**
 * The view as a file: its guests in its order; CSV has its columns, JSON everything, as `berth guest ls --json` prints it, YAML all that
 * can be set. All of them can be imported again.
 */
export function ExportMenu({ search, columns }: { search: GuestSearch; columns: string | null }) {
  const api = useTRPCClient();
  const router = useRouter();
  const save = async (kind: 'csv' | 'json' | 'yaml') => {
    try {
      const guests = await fetchGuests(api, search);
      const shown = chooseColumns(columns).map(({ id }) => id);
      if (kind === 'csv') download('guests.csv', 'text/csv', guestCsv(guests, shown));
      else if (kind === 'yaml') download('guests.yaml', 'application/yaml', guestYaml(guests));
      else download('guests.json', 'application/json', `${JSON.stringify(guests, null, 2)}\n`);
    } catch (error) {
      notify({
        title: 'the view could not be saved as a file',
        detail: toApiError(error).message,
        tone: 'bad',
      });
    }
  };
  return (
    <Menu
      trigger={<IconButton icon="download" label="Export and import" />}
      entries={[
        { heading: 'Export this view' },
        { label: 'CSV, with these columns', onSelect: () => void save('csv') },
        { label: 'JSON, with everything', onSelect: () => void save('json') },
        { label: 'YAML, to make them again of', onSelect: () => void save('yaml') },
        'separator',
        { label: 'Import…', icon: 'up', onSelect: () => router.push('/import') },
      ]}
    />
  );
}

function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
