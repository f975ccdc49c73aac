'use client';

import { useQuery } from '@tanstack/react-query';
import { type BindMount, bindMount } from '../../../server/guest/isolation-schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import { Checkbox, Field, Select, TextInput } from '../../_ui/index.ts';
import { EntryList } from './entry-list.tsx';
import { ENTRY_DEFAULTS } from './guest-settings.ts';
import { About, SettingSection } from './setting-section.tsx';
import { problemAt, type SettingsEdit } from './settings-edit.ts';

const VOLUME = 'volume:';

/** Folders of the host and volumes inside the guest. */
export function MountSection({ edit }: { edit: SettingsEdit }) {
  const trpc = useTRPC();
  const volumes = useQuery(trpc.volume.list.queryOptions(undefined, { refetchOnMount: 'always' }));
  const names = volumes.data?.map(({ name }) => name) ?? [];
  const { mounts } = edit.isolation;
  return (
    <SettingSection
      edit={edit}
      title="Mounts"
      paths={['isolation.mounts']}
      summary={mounts.map(({ target }) => target).join(', ') || 'none'}
    >
      <About>
        Volumes are folders of Berth&apos;s own that outlive guests. Folders of the host need privilege. A
        running guest gets and loses them at once.
      </About>
      <EntryList
        what="mount"
        entries={mounts}
        onChange={(next) => edit.setIsolation({ mounts: next })}
        // What a new one begins with depends on whether there are any.
        refusal={volumes.isPending ? 'the volumes are being read' : null}
        create={(): BindMount => ({
          source: names[0] ? VOLUME + names[0] : '',
          target: '',
          ...ENTRY_DEFAULTS['isolation.mounts'],
        })}
      >
        {(mount, change, index) => (
          <MountFields edit={edit} mount={mount} index={index} volumes={names} onChange={change} />
        )}
      </EntryList>
    </SettingSection>
  );
}

interface MountFieldsProps {
  edit: SettingsEdit;
  mount: BindMount;
  index: number;
  volumes: readonly string[];
  onChange: (part: Partial<BindMount>) => void;
}

function MountFields({ edit, mount, index, volumes, onChange }: MountFieldsProps) {
  const at = `isolation.mounts.${index}`;
  const isVolume = mount.source.startsWith(VOLUME);
  const name = mount.source.slice(VOLUME.length);
  const known = isVolume && !volumes.includes(name) ? [name, ...volumes] : volumes;
  return (
    <div className="flex flex-col gap-3">
      <div className="grid gap-3 @lg:grid-cols-[9rem_1fr_1fr]">
        <Field label="From">
          {(control) => (
            <Select
              {...control}
              value={isVolume ? 'volume' : 'folder'}
              options={[
                { value: 'folder', label: 'host path', detail: 'a folder or file of the host' },
                {
                  value: 'volume',
                  label: 'volume',
                  detail: "a folder of Berth's own",
                  disabledReason:
                    known.length === 0 ? 'there is none yet: make one on the page Volumes' : null,
                },
              ]}
              onChange={(from) => onChange({ source: from === 'volume' ? VOLUME + (known[0] ?? '') : '' })}
            />
          )}
        </Field>
        <Field label={isVolume ? 'Volume' : 'Path on the host'} error={problemAt(edit, `${at}.source`)}>
          {(control) =>
            isVolume ? (
              <Select
                {...control}
                value={name}
                options={known.map((each) => ({ value: each, label: each }))}
                onChange={(next) => onChange({ source: VOLUME + next })}
              />
            ) : (
              <TextInput
                {...control}
                mono
                placeholder="/srv/data"
                value={mount.source}
                onChange={(event) => onChange({ source: event.currentTarget.value })}
              />
            )
          }
        </Field>
        <Field label="Path in the guest" error={problemAt(edit, `${at}.target`)}>
          {(control) => (
            <TextInput
              {...control}
              mono
              placeholder="/data"
              value={mount.target}
              onChange={(event) => onChange({ target: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <Checkbox
          label="read-only"
          checked={mount.readOnly}
          onChange={(readOnly) => onChange({ readOnly })}
        />
        <Checkbox
          label="host's root is the guest's root (idmapped)"
          checked={mount.idmap}
          onChange={(idmap) => onChange({ idmap })}
        />
        <Checkbox
          label="with mounts below it"
          checked={mount.recursive}
          onChange={(recursive) => onChange({ recursive })}
        />
        <Field label={<span className="sr-only">Propagation</span>} className="w-36">
          {(control) => (
            <Select
              {...control}
              value={mount.propagation}
              options={bindMount.shape.propagation.options.map((value) => ({ value, label: value }))}
              onChange={(propagation) => onChange({ propagation })}
            />
          )}
        </Field>
      </div>
    </div>
  );
}
