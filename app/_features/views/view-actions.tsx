'use client';

import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import type { SavedView } from '../../../server/view/schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import { Button, IconButton, Menu } from '../../_ui/index.ts';
import { DefaultViewDialog } from './default-view-dialog.tsx';
import { useDefaults } from './opening-view.ts';
import { useViewVerbs } from './use-view-verbs.ts';
import { ViewDialog } from './view-dialog.tsx';
import { isPlainView, isSameView, partsOf } from './view-href.ts';

/** The view that is on show: saving it, or changing and deleting the one that it is. */
export function ViewActions() {
  const trpc = useTRPC();
  const params = useSearchParams();
  const views = useQuery(trpc.view.list.queryOptions()).data;
  const defaults = useDefaults();
  const { remove, openWith } = useViewVerbs();
  const [opening, setOpening] = useState<SavedView | null>(null);
  const [asking, setAsking] = useState<{ view: SavedView | null } | null>(null);
  const here = partsOf((key) => params.get(key));
  const saved = views?.find((view) => isSameView(view, here));
  const isPlain = isPlainView(here);
  const notMine = saved && !saved.mine ? `it is ${saved.owner}'s` : null;

  return (
    <>
      {saved ? (
        <Menu
          trigger={
            <Button icon="pencil" className="max-w-60">
              <span className="truncate">{saved.name}</span>
            </Button>
          }
          entries={[
            { heading: saved.team ? `A view of ${saved.owner} for everybody` : 'A view of your own' },
            { label: 'Open Guests with it…', icon: 'box', onSelect: () => setOpening(saved) },
            'separator',
            {
              label: 'Change…',
              icon: 'pencil',
              disabledReason: notMine,
              onSelect: () => setAsking({ view: saved }),
            },
            {
              label: 'Delete',
              icon: 'trash',
              danger: true,
              disabledReason: notMine,
              onSelect: () => void remove(saved),
            },
          ]}
        />
      ) : (
        !isPlain && <Button onClick={() => setAsking({ view: null })}>Save view…</Button>
      )}
      {isPlain && defaults?.opening.of && (
        <Menu
          trigger={<IconButton icon="pencil" label="What Guests opens with" />}
          entries={[
            {
              label: 'Open Guests with all guests',
              checked: defaults.own?.view === null,
              onChange: (on) => void openWith(on ? 'all' : null),
            },
          ]}
        />
      )}
      {opening && <DefaultViewDialog view={opening} onClose={() => setOpening(null)} />}
      {asking && <ViewDialog view={asking.view} parts={here} onClose={() => setAsking(null)} />}
    </>
  );
}
