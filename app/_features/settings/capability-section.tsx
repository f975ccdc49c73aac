'use client';

import { useState } from 'react';
import { CAPABILITIES, HOST_CAPABILITIES } from '../../../server/guest/capability-schema.ts';
import type { GuestIsolation } from '../../../server/guest/schema.ts';
import { KIND_CAPABILITIES } from '../../../server/guest/wall-schema.ts';
import { Checkbox, cx, Icon, plural, TextInput } from '../../_ui/index.ts';
import { CAPABILITY_MEANING } from './capability-meaning.ts';
import { About, SectionProblem, SettingSection } from './setting-section.tsx';
import type { SettingsEdit } from './settings-edit.ts';

type Change = GuestIsolation['capabilities'];

/** What is added and dropped once `name` is had or not; never both, and nothing that is so by default. Pure. */
export function toggleCapability(change: Change, name: string, has: boolean, byDefault: boolean): Change {
  const add = change.add.filter((each) => each !== name);
  const drop = change.drop.filter((each) => each !== name);
  if (has === byDefault) return { add, drop };
  return has ? { add: [...add, name], drop } : { add, drop: [...drop, name] };
}

/** Each capability with what it allows: had or not, and how that differs from the default of the kind. */
export function CapabilitySection({ edit }: { edit: SettingsEdit }) {
  const [search, setSearch] = useState('');
  const { capabilities, privileged } = edit.isolation;
  const { add, drop } = capabilities;
  const usual = KIND_CAPABILITIES[edit.kind];
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = CAPABILITIES.filter((name) =>
    words.every((word) => `cap_${name} ${CAPABILITY_MEANING[name]}`.toLowerCase().includes(word)),
  );
  const problem = [...edit.problems].find(([path]) => path.startsWith('isolation.capabilities'));
  const summary =
    [add.length > 0 && `adds ${add.join(', ')}`, drop.length > 0 && `drops ${drop.join(', ')}`]
      .filter(Boolean)
      .join('; ') || `the ${plural(usual.length, 'usual one')} of ${edit.kind} guests`;
  return (
    <SettingSection edit={edit} title="Capabilities" paths={['isolation.capabilities']} summary={summary}>
      <About>
        What root inside may do beyond an ordinary user. Unless the guest is privileged, they count in its own
        namespaces only.
      </About>
      <TextInput
        type="search"
        aria-label="Search capabilities"
        placeholder="net, mount, clock"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        className="max-w-sm"
      />
      <SectionProblem message={problem?.[1] ?? null} />
      <ul className="grid gap-x-8 @3xl:grid-cols-2" aria-label="capabilities">
        {shown.map((name) => {
          const isUsual = usual.includes(name);
          const has = !drop.includes(name) && (isUsual || add.includes(name));
          const never = privileged ? undefined : HOST_CAPABILITIES[name];
          return (
            <li key={name} className="flex min-h-9 items-start gap-2 border-line border-b py-1.5 text-sm">
              <div className="w-44 shrink-0 max-sm:w-40">
                {never ? (
                  <span className="inline-flex min-h-6 items-center gap-2 text-muted">
                    <Icon name="close" label="never" />
                    {name}
                  </span>
                ) : (
                  <Checkbox
                    label={name}
                    checked={has}
                    onChange={(next) =>
                      edit.setIsolation({
                        capabilities: toggleCapability(capabilities, name, next, isUsual),
                      })
                    }
                  />
                )}
              </div>
              <span className="min-w-0 flex-1 pt-0.5 text-muted text-xs">
                {has !== isUsual && (
                  <span className={cx('mr-1.5 font-medium', has ? 'text-wait' : 'text-ok')}>
                    {has ? 'added' : 'dropped'}
                  </span>
                )}
                {CAPABILITY_MEANING[name]}
                {never && `; only in a privileged guest: ${never}`}
              </span>
            </li>
          );
        })}
      </ul>
      {shown.length === 0 && <p className="text-muted text-sm">None matches {search}.</p>}
    </SettingSection>
  );
}
