'use client';

import { useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { Button, IconButton, Menu } from '../../_ui/index.ts';
import {
  nameAndEndEntries,
  type PlainVerb,
  useGuestActions,
  useReasonAgainst,
  VERB_ICON,
  VERB_LABEL,
} from '../guests/index.ts';
import { CommandLinesDialog } from './command-lines-dialog.tsx';
import { EndGuestDialog, type EndVerb } from './end-guest-dialog.tsx';

/** The actions on a guest, those that fit its state in sight and the others in the menu, each with the reason against it. */
export function GuestActions({ guest }: { guest: GuestView }) {
  const { act } = useGuestActions();
  const against = useReasonAgainst();
  const [ending, setEnding] = useState<EndVerb | null>(null);
  const [isListing, setListing] = useState(false);
  const runs = guest.state === 'running' || guest.state === 'frozen';
  const shown: PlainVerb[] = runs
    ? ['stop', 'restart', guest.state === 'frozen' ? 'unfreeze' : 'freeze']
    : ['start'];
  const run = (verb: PlainVerb) => {
    if (verb === 'stop' || verb === 'restart') setEnding(verb);
    else void act(verb, guest);
  };
  // A guest whose start or stop hangs may still be killed: only its state is asked.
  const noForce = against('stop', { ...guest, operation: null });
  return (
    <>
      {shown.map((verb) => (
        <Button
          key={verb}
          look={verb === 'start' ? 'primary' : 'secondary'}
          icon={VERB_ICON[verb]}
          disabledReason={against(verb, guest)}
          onClick={() => run(verb)}
        >
          <span className={verb === 'start' ? undefined : 'max-sm:sr-only'}>{VERB_LABEL[verb]}</span>
        </Button>
      ))}
      <Menu
        trigger={<IconButton icon="more" label={`More actions on ${guest.name}`} />}
        entries={[
          ...(['start', 'stop', 'restart', 'freeze', 'unfreeze'] as const)
            .filter((verb) => !shown.includes(verb))
            .map((verb) => ({
              label: VERB_LABEL[verb],
              icon: VERB_ICON[verb],
              disabledReason: against(verb, guest),
              onSelect: () => run(verb),
            })),
          {
            label: 'Force stop…',
            icon: 'close',
            danger: true,
            disabledReason: noForce,
            onSelect: () => setEnding('force'),
          },
          'separator',
          { label: 'Command line and API…', icon: 'terminal', onSelect: () => setListing(true) },
          ...nameAndEndEntries(guest, against),
        ]}
      />
      {isListing && <CommandLinesDialog guest={guest.name} onClose={() => setListing(false)} />}
      {ending && <EndGuestDialog guest={guest} verb={ending} onClose={() => setEnding(null)} />}
    </>
  );
}
