'use client';

import { useMutation } from '@tanstack/react-query';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { ProbeProgress, ProbeReport, WallTrialView } from '../../../server/guest/probe-schema.ts';
import { type GuestState, isAllowed, whyNot } from '../../../server/guest/state.ts';
import { toApiError, useMay, useTRPC } from '../../_trpc/index.ts';
import { Button, CommandLine, CopyButton, Icon, plural, RelativeTime } from '../../_ui/index.ts';
import { settingHref } from './differences-section.tsx';
import { Section } from './section.tsx';
import { heldWalls, type OpenedWalls, openedWalls, summaryOf } from './trials.ts';
import { useProbing } from './use-probing.ts';

/** The walls of a guest, tried from inside it: what held, what is weakened and by which setting. */
export function ProbeSection({ id, name, state }: { id: string; name: string; state: GuestState }) {
  const trpc = useTRPC();
  const refusal = useMay()('console.use', id);
  const probe = useMutation(trpc.guest.probe.mutationOptions());
  const progress = useProbing(name, probe.isPending);
  const report = probe.data;
  return (
    <Section
      title="The walls, tried"
      aside={report && summaryOf(report)}
      actions={
        <>
          {report && <CopyButton text={JSON.stringify(report, null, 2)} label="Copy the report as JSON" />}
          <Button
            icon="play"
            busy={probe.isPending}
            disabledReason={refusal ?? (isAllowed('enter', state) ? null : whyNot('enter', name, state))}
            onClick={() => probe.mutate({ guest: name })}
          >
            {report ? 'Try again' : 'Try the walls'}
          </Button>
        </>
      }
    >
      <div role="status" className="py-2 text-muted text-sm">
        {probe.isPending ? (
          <Progress progress={progress} />
        ) : report ? (
          <>
            Tried from inside {report.guest.name} <RelativeTime at={report.at} />, in {report.took} ms.
          </>
        ) : (
          'Tries from inside the guest what its walls refuse: system calls, files, devices, namespaces. Nothing comes of what is not refused.'
        )}
      </div>
      {probe.error && (
        <p role="alert" className="wrap-anywhere flex items-start gap-1.5 pb-2 text-bad text-sm">
          <Icon name="warning" size={14} className="mt-0.75" />
          The walls were not tried: {toApiError(probe.error).message}
        </p>
      )}
      {report && <Report report={report} />}
      <CommandLine label="CLI" text={`berth guest probe ${name}`} />
    </Section>
  );
}

function Progress({ progress }: { progress: ProbeProgress | null }) {
  if (!progress) return 'Entering the guest.';
  const { done, total, group } = progress;
  return (
    <>
      Trying {group}: {done} of {total} things.
      <progress
        value={done}
        max={total}
        aria-label="Walls tried"
        className="mt-1.5 block h-1.5 w-full max-w-96 accent-accent"
      />
    </>
  );
}

function Report({ report }: { report: ProbeReport }) {
  const opened = openedWalls(report);
  const untried = report.trials.filter(({ state }) => state === 'untried');
  return (
    <div className="mb-3">
      {opened.length === 0 && (
        <p className="flex items-center gap-2 border-line border-b py-2 text-sm">
          <Icon name="done" size={14} className="text-ok" />
          Every wall held that could be tried.
        </p>
      )}
      {opened.map((one) => (
        <Opened key={one.setting ?? 'none'} opened={one} guest={report.guest.name} />
      ))}
      {untried.length > 0 && (
        <Group
          title={
            <>
              <Icon name="info" size={14} className="text-muted" /> Not tried here
            </>
          }
          count={untried.length}
          trials={untried}
        />
      )}
      {heldWalls(report).map(({ group, trials }) => (
        <Group
          key={group}
          title={
            <>
              <Icon name="done" size={14} className="text-ok" />
              <span className="first-letter:uppercase">{group}</span>
            </>
          }
          count={trials.length}
          trials={trials}
        />
      ))}
    </div>
  );
}

/** So many are read at a glance. */
const FEW = 8;

function Opened({ opened: { setting, trials }, guest }: { opened: OpenedWalls; guest: string }) {
  if (setting === null) {
    return (
      <Group
        open
        title={
          <>
            <Icon name="warning" size={14} className="text-bad" /> Open, and no setting opens it
          </>
        }
        count={trials.length}
        trials={trials}
      />
    );
  }
  return (
    <Group
      open={trials.length <= FEW}
      title={
        <>
          <Icon name="warning" size={14} className="text-wait" />
          Weakened by <code className="wrap-anywhere text-xs">{setting}</code>
        </>
      }
      count={trials.length}
      trials={trials}
    >
      <p className="border-line border-t py-1.5 pl-5">
        <Link href={settingHref(guest, setting)} className="rounded-sm text-accent hover:underline">
          Change {setting}
        </Link>
      </p>
    </Group>
  );
}

function Group(props: {
  title: ReactNode;
  count: number;
  trials: readonly WallTrialView[];
  open?: boolean;
  children?: ReactNode;
}) {
  return (
    <details open={props.open} className="border-line border-b text-sm">
      <summary className="cursor-pointer select-none py-2">
        <span className="inline-flex flex-wrap items-center gap-1.5 align-middle font-medium">
          {props.title}
          <span className="font-normal text-muted">{plural(props.count, 'thing')}</span>
        </span>
      </summary>
      {props.children}
      <ul className="mb-2 border-line border-t">
        {props.trials.map((trial) => (
          <Row key={trial.id} trial={trial} />
        ))}
      </ul>
    </details>
  );
}

function Row({ trial: { title, cve, answer, expected, why } }: { trial: WallTrialView }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 border-line border-b py-1.5 pl-5 last:border-b-0">
      <span className="wrap-anywhere min-w-0 flex-1 basis-64">
        {title}
        {cve.length > 0 && <span className="text-muted text-xs"> {cve.join(', ')}</span>}
      </span>
      <span className="wrap-anywhere text-muted text-xs">
        {why ?? (
          <>
            <code>{answer}</code>
            {answer !== expected && (
              <>
                {' '}
                instead of <code>{expected}</code>
              </>
            )}
          </>
        )}
      </span>
    </li>
  );
}
