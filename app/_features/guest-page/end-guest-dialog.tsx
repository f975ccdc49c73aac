'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import type { GuestView } from '../../../server/guest/schema.ts';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands, Icon, plural } from '../../_ui/index.ts';

export type EndVerb = 'stop' | 'restart' | 'force';

const TITLE: Record<EndVerb, string> = { stop: 'Stop', restart: 'Restart', force: 'Force stop' };

/** Asks before every process of a guest ends, and names what ends with it. The files stay in all three cases. */
export function EndGuestDialog(props: { guest: GuestView; verb: EndVerb; onClose: () => void }) {
  const { guest, verb, onClose } = props;
  const trpc = useTRPC();
  const sessions = useQuery(
    trpc.console.sessions.queryOptions({ guest: guest.name }, { refetchOnMount: 'always' }),
  );
  const begun = { onSuccess: onClose };
  const stop = useMutation(trpc.guest.stop.mutationOptions(begun));
  const restart = useMutation(trpc.guest.restart.mutationOptions(begun));
  const action = verb === 'restart' ? restart : stop;
  const shells = sessions.data?.filter((session) => session.exit === null).length ?? 0;
  const processes = guest.usage?.pids;
  const input = { guest: guest.name, ...(verb === 'force' && { force: true }) };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${TITLE[verb]} ${guest.name}?`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look={verb === 'restart' ? 'primary' : 'danger'}
            busy={action.isPending}
            onClick={() => (verb === 'restart' ? restart.mutate(input) : stop.mutate(input))}
          >
            {TITLE[verb]} {guest.name}
          </Button>
        </>
      }
    >
      <ul className="flex list-disc flex-col gap-1 pl-5 text-sm">
        <li>
          {processes ? `All ${plural(processes, 'process', 'processes')} in it end` : 'All its processes end'}
          {shells > 0 ? `, with ${plural(shells, 'open shell')}` : ''}.
        </li>
        {verb === 'force' ? (
          <li>They are killed at once: what they hold in memory is not written.</li>
        ) : (
          <li>Its init has {guest.stopTimeoutMs / 1000} s to end them in order; then they are killed.</li>
        )}
        <li>Its files, name and address stay.</li>
      </ul>
      {action.error && (
        <p role="alert" className="wrap-anywhere flex items-start gap-1.5 text-bad text-sm">
          <Icon name="warning" size={14} className="mt-0.75" />
          {toApiError(action.error).message}
        </p>
      )}
      <EquivalentCommands
        cli={`berth guest ${verb === 'force' ? 'stop --force' : verb} ${guest.name}`}
        api={{ procedure: `guest.${verb === 'restart' ? 'restart' : 'stop'}`, input }}
      />
    </Dialog>
  );
}
