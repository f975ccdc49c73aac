'use client';

import { SHAREABLE_NAMESPACES, type ShareableNamespace } from '../../../server/guest/isolation-schema.ts';
import { Field, Select } from '../../_ui/index.ts';
import { About, SettingSection } from './setting-section.tsx';
import { problemAt, type SettingsEdit } from './settings-edit.ts';

/** What each namespace keeps apart (namespaces(7)). */
export const NAMESPACE_MEANING: Readonly<Record<ShareableNamespace, string>> = {
  user: 'ids and capabilities',
  network: 'interfaces, addresses, routes, ports, firewall',
  ipc: 'System V IPC and POSIX message queues',
  uts: 'host name and domain name',
  pid: 'which processes it sees, and their numbers',
  cgroup: 'where its own cgroup seems to be the root',
  time: 'offsets of the monotonic and boot clocks',
};

export interface NamespaceSectionProps {
  edit: SettingsEdit;
  /** Other guests whose namespaces it could join: names of those that run. */
  others: readonly string[];
}

/** Which namespaces are its own, and whose it shares. */
export function NamespaceSection({ edit, others }: NamespaceSectionProps) {
  const { namespaces } = edit.isolation;
  const shared = SHAREABLE_NAMESPACES.filter((type) => (namespaces[type] ?? 'own') !== 'own');
  const set = (type: ShareableNamespace, owner: string) => {
    const { [type]: _before, ...rest } = namespaces;
    edit.setIsolation({ namespaces: owner === 'own' ? rest : { ...rest, [type]: owner } });
  };
  return (
    <SettingSection
      edit={edit}
      title="Namespaces"
      paths={['isolation.namespaces']}
      summary={
        shared.map((type) => `${type} of ${ownerText(namespaces[type] ?? 'own')}`).join(', ') || 'all its own'
      }
    >
      <About>
        A shared namespace is no wall: what is in it, both sides see and change. Its mounts are always its
        own.
      </About>
      <div className="grid gap-4 sm:grid-cols-2">
        {SHAREABLE_NAMESPACES.map((type) => (
          <Field
            key={type}
            label={type}
            aside={NAMESPACE_MEANING[type]}
            error={problemAt(edit, `isolation.namespaces.${type}`)}
          >
            {(control) => (
              <Select
                {...control}
                value={namespaces[type] ?? 'own'}
                options={ownerOptions(namespaces[type], others, edit.guest)}
                onChange={(owner) => set(type, owner)}
              />
            )}
          </Field>
        ))}
      </div>
    </SettingSection>
  );
}

/** `own`, `the host`, `guest db-1`. */
export function ownerText(owner: string): string {
  return owner === 'host' ? 'the host' : owner.replace(/^guest:/, 'guest ');
}

function ownerOptions(chosen: string | undefined, others: readonly string[], self: string | null) {
  const guests = others.filter((name) => name !== self).map((name) => `guest:${name}`);
  // One that does not run now may still be what is set.
  if (chosen?.startsWith('guest:') && !guests.includes(chosen)) guests.unshift(chosen);
  return ['own', 'host', ...guests].map((value) => ({
    value,
    label: value === 'own' ? 'its own' : ownerText(value),
  }));
}
