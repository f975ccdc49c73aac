'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { GuestDefaults } from '../../../server/guest/schema.ts';
import type { ImageView } from '../../../server/image/schema.ts';
import { toApiError, useMay, useTRPC } from '../../_trpc/index.ts';
import {
  Button,
  EquivalentCommands,
  ErrorState,
  Field,
  formatDuration,
  Icon,
  Select,
  Sheet,
  Skeleton,
  TextInput,
  useNarrow,
} from '../../_ui/index.ts';
import { AdvancedSettings } from './advanced-settings.tsx';
import { commandLineOf, draftOf, type GuestDraft, inputOf } from './guest-draft.ts';
import { KindField } from './kind-field.tsx';
import { LimitFields } from './limit-fields.tsx';
import { useCreateGuest } from './use-create-guest.ts';

/** Everything about a new guest, filled in: two clicks make it and open a shell. */
export function NewGuestSheet({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  // A name is made up for each opening; an old one may be taken by now.
  const defaults = useQuery(trpc.guest.defaults.queryOptions(undefined, { staleTime: 0, gcTime: 0 }));
  const images = useQuery(trpc.image.list.queryOptions());
  const [seed] = useState(() => Date.now());
  const fresh = defaults.data && defaults.dataUpdatedAt >= seed ? defaults.data : null;

  if (fresh) return <SheetForm defaults={fresh} images={images.data ?? []} onClose={onClose} />;
  return (
    <Sheet open onClose={onClose} title="New guest">
      {defaults.error ? (
        <ErrorState
          title="A new guest cannot be prepared"
          message={toApiError(defaults.error).message}
          onRetry={() => void defaults.refetch()}
        />
      ) : (
        <div role="status" aria-label="preparing a new guest" className="flex flex-col gap-6">
          <Skeleton className="h-8" />
          <Skeleton className="h-8" />
          <Skeleton className="h-8" />
          <Skeleton className="h-20" />
        </div>
      )}
    </Sheet>
  );
}

interface SheetFormProps {
  defaults: GuestDefaults;
  images: readonly ImageView[];
  onClose: () => void;
}

function SheetForm({ defaults, images, onClose }: SheetFormProps) {
  const form = useId();
  const narrow = useNarrow();
  const refusal = useMay()('guest.create', 'anywhere');
  const nameInput = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(() => draftOf(defaults));
  const { create, busy, problems, forget } = useCreateGuest(onClose);
  const image = images.find(({ name }) => name === draft.image);

  const change = <Key extends keyof GuestDraft>(key: Key, value: GuestDraft[Key]) => {
    setDraft((old) => ({ ...old, [key]: value }));
    forget(key);
  };
  const chooseImage = (name: string) => {
    change('image', name);
    const kind = images.find((each) => each.name === name)?.defaultKind;
    if (kind) change('kind', kind);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void create(draft, defaults.bounds, 'shell');
  };
  // The first field with an error takes the focus, so that it is seen and read out.
  useEffect(() => {
    if (Object.keys(problems).length === 0) return;
    document.getElementById(form)?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [problems, form]);

  return (
    <Sheet
      open
      onClose={onClose}
      title="New guest"
      initialFocus={narrow ? undefined : nameInput}
      footer={
        <div className="flex flex-wrap-reverse justify-end gap-2">
          <Button
            busy={busy === 'create'}
            disabledReason={refusal ?? (busy === 'shell' ? 'the guest is being created' : null)}
            onClick={() => void create(draft, defaults.bounds, 'create')}
          >
            Create
          </Button>
          <Button
            look="primary"
            type="submit"
            form={form}
            icon="terminal"
            busy={busy === 'shell'}
            disabledReason={refusal ?? (busy === 'create' ? 'the guest is being created' : null)}
          >
            Create and open shell
          </Button>
        </div>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-5" noValidate>
        {problems[''] && (
          <p
            role="alert"
            className="flex items-start gap-2 rounded-md bg-bad-soft px-3 py-2 text-bad text-sm"
          >
            <Icon name="warning" className="mt-0.5" />
            <span className="wrap-anywhere min-w-0">{problems['']}</span>
          </p>
        )}
        <Field label="Name" error={problems.name} hint="Also its host name and its name in DNS.">
          {(control) => (
            <TextInput
              {...control}
              ref={nameInput}
              mono
              name="name"
              value={draft.name}
              onFocus={(event) => event.currentTarget.select()}
              onChange={(event) => change('name', event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Image" error={problems.image} hint={image && imageHint(image)}>
          {(control) => (
            <Select
              {...control}
              value={draft.image}
              onChange={chooseImage}
              options={imageOptions(images, draft.image)}
            />
          )}
        </Field>
        {defaults.projects.length > 1 && (
          <Field label="Project" error={problems.project}>
            {(control) => (
              <Select
                {...control}
                value={draft.project}
                onChange={(name) => change('project', name)}
                options={defaults.projects.map((value) => ({ value, label: value }))}
              />
            )}
          </Field>
        )}
        <KindField
          value={draft.kind}
          error={problems.kind ?? null}
          onChange={(kind) => change('kind', kind)}
        />
        <Field
          label={draft.kind === 'system' ? 'Init' : 'Command'}
          aside="optional"
          error={problems.command}
          hint={draft.kind === 'system' ? "Empty: the image's own init." : "Empty: the image's own command."}
        >
          {(control) => (
            <TextInput
              {...control}
              mono
              name="command"
              value={draft.command}
              placeholder={draft.kind === 'system' ? '/sbin/init' : 'httpd -f -p 80'}
              onChange={(event) => change('command', event.currentTarget.value)}
            />
          )}
        </Field>
        <LimitFields
          limits={draft.limits}
          bounds={defaults.bounds}
          problems={problems}
          onChange={(name, value) => {
            setDraft((old) => ({ ...old, limits: { ...old.limits, [name]: value } }));
            forget(`limits.${name}`);
          }}
        />
        <Walls draft={draft} />
        <AdvancedSettings
          draft={draft}
          problems={problems}
          onChange={(part) => {
            setDraft((old) => ({ ...old, ...part }));
            for (const key of Object.keys(part)) forget(key);
          }}
        />
        <EquivalentCommands
          cli={commandLineOf(draft, true)}
          api={{ procedure: 'guest.create', input: inputOf(draft, true) }}
        />
      </form>
    </Sheet>
  );
}

/** What is decided for every guest, told so that nobody has to wonder. */
function Walls({ draft }: { draft: GuestDraft }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-line border-y py-3 text-sm">
      <dt className="text-muted">Network</dt>
      <dd>managed: an IPv4 and an IPv6 address of its own, behind NAT</dd>
      <dt className="text-muted">Privilege</dt>
      <dd>
        {draft.isolation.privileged
          ? 'privileged: root inside is root of the host'
          : 'unprivileged: root inside is an ordinary user id outside, shared with no other guest'}
      </dd>
    </dl>
  );
}

function imageHint(image: ImageView): string {
  if (image.state === 'ready') return image.description;
  const time = formatDuration(image.buildSeconds * 1000);
  const network = image.needsNetwork ? ' and needs a network' : '';
  if (image.state === 'building') return 'It is being built right now; the guest waits for it.';
  return `Not built yet: that comes first, takes about ${time}${network}.`;
}

function imageOptions(images: readonly ImageView[], chosen: string) {
  const known = images.map((image) => ({
    value: image.name,
    label: image.name,
    detail: image.state === 'ready' ? image.title : `${image.title} · ${imageHint(image)}`,
  }));
  return known.some(({ value }) => value === chosen)
    ? known
    : [{ value: chosen, label: chosen, detail: '' }, ...known];
}
