'use client';

import { SHAREABLE_NAMESPACES, type ShareableNamespace } from '../../../server/guest/isolation-schema.ts';
import { namespaceNotes } from '../../../server/guest/namespace-rules-schema.ts';
import { Field } from '../../_ui/index.ts';
import { OwnerSelect, ownerText } from './owner-select.tsx';
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

/** Which namespaces are its own, and whose it shares. */
export function NamespaceSection({ edit }: { edit: SettingsEdit }) {
  const { namespaces } = edit.isolation;
  const subject = { name: edit.guest ?? '', kind: edit.kind, isolation: edit.isolation };
  const notes = new Map(namespaceNotes(subject).map(({ field, message }) => [field.join('.'), message]));
  const shared = SHAREABLE_NAMESPACES.filter((type) => (namespaces[type] ?? 'own') !== 'own');
  const hintOf = (type: ShareableNamespace) => {
    const owner = (namespaces[type] ?? 'own').slice('guest:'.length);
    const idle = edit.peers.find(({ name, running }) => name === owner && !running);
    const note = notes.get(`isolation.namespaces.${type}`);
    return idle ? `${owner} does not run: it has to run before this guest starts` : note;
  };
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
      <div className="grid gap-4 @lg:grid-cols-2">
        {SHAREABLE_NAMESPACES.map((type) => (
          <Field
            key={type}
            label={type}
            aside={NAMESPACE_MEANING[type]}
            error={problemAt(edit, `isolation.namespaces.${type}`)}
            hint={hintOf(type)}
          >
            {(control) => (
              <OwnerSelect
                {...control}
                value={namespaces[type] ?? 'own'}
                self={edit.guest}
                onChange={(owner) => set(type, owner)}
              />
            )}
          </Field>
        ))}
      </div>
    </SettingSection>
  );
}
