'use client';

import type { GuestIsolation } from '../../../server/guest/schema.ts';
import { MASKED_PATHS, READ_ONLY_PATHS } from '../../../server/guest/wall-schema.ts';
import { Button, Checkbox, Icon, IconButton, plural, TextInput } from '../../_ui/index.ts';
import { About, SettingSection } from './setting-section.tsx';
import { problemAt, type SettingsEdit } from './settings-edit.ts';

type Key = 'masked' | 'readOnly';

const USUAL = { masked: MASKED_PATHS, readOnly: READ_ONLY_PATHS };

/** Which paths of /proc and /sys are hidden, and which cannot be written. */
export function PathSection({ edit }: { edit: SettingsEdit }) {
  const { masked, readOnly } = edit.isolation;
  const opened = masked.remove.length + readOnly.remove.length;
  const added = masked.add.length + readOnly.add.length;
  const summary =
    [opened > 0 && `${plural(opened, 'usual path')} left open`, added > 0 && `${added} more closed`]
      .filter(Boolean)
      .join(', ') || 'the usual paths hidden or read-only';
  return (
    <SettingSection
      edit={edit}
      title="Hidden paths"
      paths={['isolation.masked', 'isolation.readOnly']}
      summary={summary}
    >
      <About>Parts of /proc and /sys that tell of the host or change it. A hidden path reads as empty.</About>
      <div className="grid gap-6 @3xl:grid-cols-2">
        <Paths edit={edit} at="masked" title="Hidden" />
        <Paths edit={edit} at="readOnly" title="Read-only" />
      </div>
    </SettingSection>
  );
}

function Paths({ edit, at, title }: { edit: SettingsEdit; at: Key; title: string }) {
  const setting = edit.isolation[at];
  const set = (part: Partial<GuestIsolation[Key]>) => edit.setIsolation({ [at]: { ...setting, ...part } });
  const keys = setting.add.map((_path, index) => `${at} ${index}`);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <h4 className="font-medium text-sm">{title}</h4>
      <ul>
        {USUAL[at].map((path) => (
          <li key={path} className="flex items-center justify-between gap-2">
            <Checkbox
              label={path}
              checked={!setting.remove.includes(path)}
              onChange={(closed) =>
                set({
                  remove: closed ? setting.remove.filter((each) => each !== path) : [...setting.remove, path],
                })
              }
            />
            {setting.remove.includes(path) && (
              <span className="inline-flex items-center gap-1 text-wait text-xs">
                <Icon name="warning" size={12} />
                left open
              </span>
            )}
          </li>
        ))}
      </ul>
      {keys.map((key, index) => {
        const problem = problemAt(edit, `isolation.${at}.add.${index}`);
        return (
          <div key={key} className="flex flex-col gap-1">
            <div className="flex items-center gap-2">
              <TextInput
                mono
                aria-label={`${title} path ${index + 1}`}
                aria-invalid={problem ? true : undefined}
                placeholder="/proc/…"
                value={setting.add[index] ?? ''}
                onChange={(event) => set({ add: setting.add.with(index, event.currentTarget.value) })}
              />
              <IconButton
                icon="trash"
                label={`Take ${setting.add[index] || 'this path'} away`}
                onClick={() => set({ add: setting.add.toSpliced(index, 1) })}
              />
            </div>
            {problem && (
              <p role="alert" className="text-bad text-sm">
                {problem}
              </p>
            )}
          </div>
        );
      })}
      <div className="pt-1">
        <Button icon="plus" onClick={() => set({ add: [...setting.add, ''] })}>
          Add a path
        </Button>
      </div>
    </div>
  );
}
