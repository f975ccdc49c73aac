'use client';

import { CommandLine, Dialog } from '../../_ui/index.ts';

const VERBS = [
  'start',
  'stop',
  'restart',
  'freeze',
  'unfreeze',
  'info',
  'isolation',
  'shell',
  'console',
  'top',
  'monitor',
  'wait',
  'set',
  'device',
  'cgroup',
  'rename',
  'rm',
] as const;

/** What follows the guest's name, to be filled in. */
const FOLLOWS: Partial<Record<(typeof VERBS)[number], string>> = {
  set: ' --memory 512MiB --revert-after 1m',
  device: ' add /dev/net/tun',
  cgroup: ' memory.stat',
  wait: ' --state stopped',
  rename: ' NEW-NAME',
};
const PROCEDURES = ['start', 'stop', 'restart', 'freeze', 'unfreeze', 'get', 'rename', 'delete'] as const;

/** Every action on a guest as a command and as a call, to copy. */
export function CommandLinesDialog({ guest, onClose }: { guest: string; onClose: () => void }) {
  const input = (procedure: string) => ({ guest, ...(procedure === 'rename' && { name: 'NEW-NAME' }) });
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={`${guest} by command line and API`}
      description="The same procedures as these pages. What takes a while answers at once; with wait: true, at its end."
    >
      <div className="flex flex-col gap-2">
        {VERBS.map((verb) => (
          <CommandLine key={verb} label="CLI" text={`berth guest ${verb} ${guest}${FOLLOWS[verb] ?? ''}`} />
        ))}
      </div>
      <div className="flex flex-col gap-2">
        {PROCEDURES.map((procedure) => (
          <CommandLine
            key={procedure}
            label="API"
            text={
              procedure === 'get'
                ? `GET /api/trpc/guest.get?input=${encodeURIComponent(JSON.stringify({ guest }))}`
                : `POST /api/trpc/guest.${procedure} ${JSON.stringify(input(procedure))}`
            }
          />
        ))}
      </div>
    </Dialog>
  );
}
