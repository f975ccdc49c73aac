'use client';

import type { ReactNode } from 'react';
import { CapabilitySection } from './capability-section.tsx';
import { DeviceSection } from './device-section.tsx';
import { HookSection } from './hook-section.tsx';
import { IdMapSection } from './id-map-section.tsx';
import { ProgramSections, RestartSections } from './init-sections.tsx';
import { MountSection } from './mount-section.tsx';
import { NamespaceSection } from './namespace-section.tsx';
import { PathSection } from './path-section.tsx';
import { LabelSection, LxcfsSection, RlimitSection, SysctlSection } from './plain-sections.tsx';
import { PrivilegeSection } from './privilege-section.tsx';
import { SeccompSection } from './seccomp-section.tsx';
import type { SettingsEdit } from './settings-edit.ts';

export interface SettingsSectionsProps {
  edit: SettingsEdit;
  /** First host id of the guest's own range; null while it has none. */
  idBase: number | null;
  /** Whether ticking *privileged* asks at once, or whoever sends the draft does. */
  confirm: 'here' | 'later';
}

/** All settings of isolation and init, folded, in the order in which people look for them. */
export function SettingsSections({ edit, idBase, confirm }: SettingsSectionsProps) {
  const isMade = idBase !== null;
  return (
    <div className="@container flex flex-col gap-6">
      <Group title="What it reaches" about={isMade && 'Counts at once in a running guest.'}>
        <MountSection edit={edit} />
        <DeviceSection edit={edit} />
      </Group>
      <Group title="What separates it" about={isMade && 'Counts from the next start on.'}>
        <NamespaceSection edit={edit} />
        <PrivilegeSection edit={edit} confirm={confirm} />
        <IdMapSection edit={edit} idBase={idBase} />
        <CapabilitySection edit={edit} />
        <SeccompSection edit={edit} />
        <PathSection edit={edit} />
        <LabelSection edit={edit} />
        <SysctlSection edit={edit} />
        <RlimitSection edit={edit} />
        <LxcfsSection edit={edit} />
      </Group>
      <Group
        title="How it runs"
        about={isMade && 'Restart and autostart count at once, the rest from the next start on.'}
      >
        <ProgramSections edit={edit} />
        <RestartSections edit={edit} />
        <HookSection edit={edit} />
      </Group>
    </div>
  );
}

function Group({ title, about, children }: { title: string; about: string | false; children: ReactNode }) {
  return (
    <section className="flex flex-col">
      <div className="flex flex-wrap items-baseline gap-x-3 border-line border-b pb-2">
        <h3 className="font-semibold">{title}</h3>
        {about && <span className="text-muted text-xs">{about}</span>}
      </div>
      {children}
    </section>
  );
}
