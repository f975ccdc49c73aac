'use client';

import { useState } from 'react';
import { Checkbox, Icon } from '../../_ui/index.ts';
import { PRIVILEGED_MEANS, PrivilegedDialog } from './privileged-dialog.tsx';
import { About, SectionProblem, SettingSection } from './setting-section.tsx';
import { problemAt, type SettingsEdit } from './settings-edit.ts';

/** Root of the guest as root of the host, and user namespaces inside it. */
export function PrivilegeSection({ edit, confirm }: { edit: SettingsEdit; confirm: 'here' | 'later' }) {
  const { privileged, nesting } = edit.isolation;
  const [asking, setAsking] = useState(false);
  return (
    <>
      <SettingSection
        edit={edit}
        title="Privileged"
        paths={['isolation.privileged']}
        summary={
          privileged ? 'yes: its root is root of the host' : 'no: its root is an ordinary user outside'
        }
      >
        <Checkbox
          label="Root of the guest is root of the host"
          checked={privileged}
          onChange={(next) =>
            next && confirm === 'here' ? setAsking(true) : edit.setIsolation({ privileged: next })
          }
        />
        <ul className="flex max-w-prose flex-col gap-1.5 text-sm">
          {PRIVILEGED_MEANS.map((text) => (
            <li key={text} className="flex items-start gap-2 text-muted">
              <Icon name="warning" size={14} className="mt-0.75 text-wait" />
              {text}
            </li>
          ))}
        </ul>
        <About>
          Only root of the host and users that it trusts may set this:{' '}
          <code className="text-xs">berth admin privileged USER on</code>. For containers inside the guest,
          nesting is enough.
        </About>
        <SectionProblem message={problemAt(edit, 'isolation.privileged')} />
      </SettingSection>
      <SettingSection
        edit={edit}
        title="Nesting"
        paths={['isolation.nesting']}
        summary={nesting ? 'containers inside it work' : 'no containers inside'}
      >
        <Checkbox
          label="It may make user namespaces and mounts of its own"
          checked={nesting}
          onChange={(next) => edit.setIsolation({ nesting: next })}
        />
        <About>
          For podman, unshare, or Berth itself inside the guest. More of the kernel is in reach of its
          processes; ids and limits stay its own.
        </About>
        <SectionProblem message={problemAt(edit, 'isolation.nesting')} />
      </SettingSection>
      {asking && (
        <PrivilegedDialog
          guest={edit.guest ?? 'privileged'}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            edit.setIsolation({ privileged: true });
          }}
        />
      )}
    </>
  );
}
