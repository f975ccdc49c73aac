'use client';

import { Chip, Field, NumberInput } from '../../_ui/index.ts';
import { idRangeText } from './describe-setting.ts';
import { EntryList } from './entry-list.tsx';
import { About, SectionProblem, SettingSection } from './setting-section.tsx';
import { problemAt, type SettingsEdit } from './settings-edit.ts';

const MOST_IDS = 4_294_967_294;
const FIELDS = [
  ['inside', 'First id inside'],
  ['outside', 'First id of the host'],
  ['count', 'How many'],
] as const;

/** Which ids of the host the guest's users are: a range of its own, or a chosen map. */
export function IdMapSection({ edit, idBase }: { edit: SettingsEdit; idBase: number | null }) {
  const { idMap } = edit.isolation;
  const first = { inside: 0, outside: idBase ?? 100_000, count: 65_536 };
  const own =
    idBase === null
      ? 'a range of its own, 65,536 ids that no other guest has'
      : `its own range: ${idRangeText({ ...first, outside: idBase })}`;
  return (
    <SettingSection
      edit={edit}
      title="Id map"
      paths={['isolation.idMap']}
      summary={idMap === null ? own : idMap.map(idRangeText).join('; ')}
    >
      <div className="flex gap-2">
        <Chip pressed={idMap === null} onClick={() => edit.setIsolation({ idMap: null })}>
          Own range
        </Chip>
        <Chip pressed={idMap !== null} onClick={() => edit.setIsolation({ idMap: idMap ?? [first] })}>
          Chosen map
        </Chip>
      </div>
      <About>
        Ids outside its own range need privilege: files of other guests, or of the host, may belong to them.
        Id 0 has to be mapped.
      </About>
      <SectionProblem message={problemAt(edit, 'isolation.idMap')} />
      {idMap && (
        <EntryList
          what="range"
          entries={idMap}
          onChange={(next) => edit.setIsolation({ idMap: next.length > 0 ? next : null })}
          create={() => ({ inside: 65_536, outside: first.outside + 65_536, count: 65_536 })}
        >
          {(range, change, index) => (
            <div className="grid gap-3 @lg:grid-cols-3">
              {FIELDS.map(([key, label]) => (
                <Field key={key} label={label} error={problemAt(edit, `isolation.idMap.${index}.${key}`)}>
                  {(control) => (
                    <NumberInput
                      {...control}
                      label={label.toLowerCase()}
                      value={range[key]}
                      min={key === 'count' ? 1 : 0}
                      max={MOST_IDS}
                      step={(value, direction) => value + direction * 65_536}
                      onChange={(value) => change({ [key]: value })}
                    />
                  )}
                </Field>
              ))}
            </div>
          )}
        </EntryList>
      )}
    </SettingSection>
  );
}
