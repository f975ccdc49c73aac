'use client';

import { useQuery } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { type ChannelView, NOTICE_KIND_NAMES, NOTICE_KINDS } from '../../../server/notice/schema.ts';
import { useSending, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Checkbox, Dialog, Field, notify, Select, TextInput } from '../../_ui/index.ts';
import { type ChannelDraft, draftOf, fieldOf, inputOf } from './channel-draft.ts';
import { ChannelTarget } from './channel-target.tsx';

const EVERY_PROJECT = ' all';

/** Makes a channel, or changes one. */
export function ChannelDialog({ channel, onClose }: { channel: ChannelView | null; onClose: () => void }) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const form = useId();
  const first = useRef<HTMLInputElement>(null);
  const projects = useQuery(trpc.project.list.queryOptions());
  const [draft, setDraft] = useState(() =>
    draftOf(channel, Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'),
  );
  const change = (part: Partial<ChannelDraft>) => setDraft((before) => ({ ...before, ...part }));
  const { busy, problem, submit } = useSending(async () => {
    const input = inputOf(draft);
    if (channel) await api.notice.changeChannel.mutate({ channel: channel.id, ...input });
    else await api.notice.createChannel.mutate(input);
    onClose();
    notify({ title: channel ? `channel ${draft.name} is changed` : `channel ${draft.name} is made` });
  });
  const wrong = fieldOf(problem?.field);
  const errorOf = (field: string) => (wrong === field ? problem?.message : null);
  return (
    <Dialog
      open
      onClose={onClose}
      title={channel ? `Channel ${channel.name}` : 'New channel'}
      description="A notice goes to it when it happens, with all that wait."
      initialFocus={first}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form} busy={busy}>
            {channel ? 'Save' : 'Make it'}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        {problem && wrong === null && (
          <p role="alert" className="wrap-anywhere text-bad text-sm">
            {problem.message}
          </p>
        )}
        <Field label="Name" error={errorOf('name')}>
          {(control) => (
            <TextInput
              {...control}
              ref={first}
              value={draft.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
          )}
        </Field>
        <ChannelTarget
          draft={draft}
          hasSecret={channel?.to.hasSecret === true && channel.to.kind === draft.kind}
          change={change}
          errorOf={errorOf}
        />
        <fieldset>
          <legend className="mb-1 font-medium text-sm">Tell when</legend>
          <div className="flex flex-col">
            {NOTICE_KIND_NAMES.map((kind) => (
              <Checkbox
                key={kind}
                label={NOTICE_KINDS[kind]}
                checked={draft.kinds.has(kind)}
                onChange={(isOn) => {
                  const kinds = new Set(draft.kinds);
                  if (isOn) kinds.add(kind);
                  else kinds.delete(kind);
                  change({ kinds });
                }}
              />
            ))}
          </div>
          {wrong === 'kinds' && (
            <p role="alert" className="text-bad text-sm">
              {problem?.message}
            </p>
          )}
        </fieldset>
        <Field label="Of the guests of" error={errorOf('project')}>
          {(control) => (
            <Select
              {...control}
              value={draft.project || EVERY_PROJECT}
              options={[
                { value: EVERY_PROJECT, label: 'all projects' },
                ...(projects.data ?? []).map(({ name }) => ({ value: name, label: name })),
              ]}
              onChange={(project) => change({ project: project === EVERY_PROJECT ? '' : project })}
            />
          )}
        </Field>
        <QuietFields draft={draft} change={change} error={errorOf('quiet')} />
        <Checkbox label="Send to it" checked={draft.isOn} onChange={(isOn) => change({ isOn })} />
      </form>
    </Dialog>
  );
}

function QuietFields(props: {
  draft: ChannelDraft;
  change: (part: Partial<ChannelDraft>) => void;
  error: string | null | undefined;
}) {
  const { draft, change, error } = props;
  const { isQuiet, quiet } = draft;
  const parts = [
    { key: 'from', label: 'From' },
    { key: 'to', label: 'To' },
    { key: 'timeZone', label: 'Time zone' },
  ] as const;
  return (
    <div className="flex flex-col gap-2">
      <Checkbox
        label="Hold notices back in quiet hours"
        checked={isQuiet}
        onChange={(isOn) => change({ isQuiet: isOn })}
      />
      {isQuiet && (
        <div className="grid gap-3 sm:grid-cols-3">
          {parts.map(({ key, label }) => (
            <Field key={key} label={label}>
              {(control) => (
                <TextInput
                  {...control}
                  type={key === 'timeZone' ? 'text' : 'time'}
                  value={quiet[key]}
                  onChange={(event) => change({ quiet: { ...quiet, [key]: event.currentTarget.value } })}
                />
              )}
            </Field>
          ))}
        </div>
      )}
      {error && (
        <p role="alert" className="text-bad text-sm">
          {error}
        </p>
      )}
    </div>
  );
}
