'use client';

import { rlimit } from '../../../server/guest/isolation-schema.ts';
import type { GuestIsolation } from '../../../server/guest/schema.ts';
import { Checkbox, Field, Select, TextInput } from '../../_ui/index.ts';
import { rlimitText } from './describe-setting.ts';
import { EntryList } from './entry-list.tsx';
import { OptionalNumber } from './optional-number.tsx';
import { PairRows } from './pair-rows.tsx';
import { About, SettingSection } from './setting-section.tsx';
import { problemAt, type SettingsEdit } from './settings-edit.ts';

/** The common ones; any of the guest's own namespaces is taken. */
const KNOWN_SYSCTLS = [
  'net.ipv4.ip_forward',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_keepalive_time',
  'net.core.somaxconn',
  'net.ipv6.conf.all.forwarding',
  'net.ipv6.conf.all.disable_ipv6',
  'kernel.shmmax',
  'kernel.shmall',
  'kernel.msgmax',
  'kernel.sem',
  'kernel.domainname',
  'fs.mqueue.msg_max',
] as const;

/** Kernel settings of the guest's own namespaces. */
export function SysctlSection({ edit }: { edit: SettingsEdit }) {
  const { sysctls } = edit.isolation;
  const names = Object.keys(sysctls);
  return (
    <SettingSection
      edit={edit}
      title="Sysctls"
      paths={['isolation.sysctls']}
      summary={names.length > 0 ? names.join(', ') : "the kernel's own"}
    >
      <About>
        Kernel settings of namespaces that are the guest's own: net.*, kernel.shm*, kernel.msg*, kernel.sem,
        fs.mqueue.*. Those of the whole host are refused.
      </About>
      <PairRows
        what="sysctl"
        names="net.ipv4.ip_forward"
        values="1"
        known={KNOWN_SYSCTLS}
        record={sysctls}
        problemOf={(name) => problemAt(edit, `isolation.sysctls.${name}`)}
        onChange={(record) => edit.setIsolation({ sysctls: record })}
      />
    </SettingSection>
  );
}

type Rlimit = GuestIsolation['rlimits'][number];

const RLIMIT_MEANING: Readonly<Record<Rlimit['name'], string>> = {
  as: 'address space, bytes',
  core: 'size of a core file, bytes',
  cpu: 'CPU time of a process, s',
  data: 'data segment, bytes',
  fsize: 'size of a file, bytes',
  locks: 'file locks',
  memlock: 'locked memory, bytes',
  msgqueue: 'POSIX message queues, bytes',
  nice: 'highest priority, as 20 - nice',
  nofile: 'open files of a process',
  nproc: 'processes of a user',
  rss: 'resident memory, bytes; the kernel ignores it',
  rtprio: 'real-time priority',
  rttime: 'real-time CPU without a pause, µs',
  sigpending: 'signals that wait',
  stack: 'stack, bytes',
};

/** Limits of each process of init's making. */
export function RlimitSection({ edit }: { edit: SettingsEdit }) {
  const { rlimits } = edit.isolation;
  return (
    <SettingSection
      edit={edit}
      title="Resource limits"
      paths={['isolation.rlimits']}
      summary={rlimits.map((each) => `${each.name} ${rlimitText(each)}`).join('; ') || "the host's usual"}
    >
      <About>Limits of each process (getrlimit(2)), inherited from init. Empty is unlimited.</About>
      <EntryList
        what="limit"
        entries={rlimits}
        onChange={(next) => edit.setIsolation({ rlimits: next })}
        create={(): Rlimit => ({ name: freeName(rlimits), soft: 1024, hard: 4096 })}
      >
        {(each, change, index) => (
          <div className="grid gap-3 @lg:grid-cols-3">
            <Field label="Limit" error={problemAt(edit, `isolation.rlimits.${index}.name`)}>
              {(control) => (
                <Select
                  {...control}
                  value={each.name}
                  options={rlimit.shape.name.options.map((name) => ({
                    value: name,
                    label: name,
                    detail: RLIMIT_MEANING[name],
                  }))}
                  onChange={(name) => change({ name })}
                />
              )}
            </Field>
            <Field label="Soft" error={problemAt(edit, `isolation.rlimits.${index}.soft`)}>
              {(control) => (
                <OptionalNumber
                  {...control}
                  value={each.soft}
                  empty="unlimited"
                  onChange={(soft) => change({ soft })}
                />
              )}
            </Field>
            <Field label="Hard" error={problemAt(edit, `isolation.rlimits.${index}.hard`)}>
              {(control) => (
                <OptionalNumber
                  {...control}
                  value={each.hard}
                  empty="unlimited"
                  onChange={(hard) => change({ hard })}
                />
              )}
            </Field>
          </div>
        )}
      </EntryList>
    </SettingSection>
  );
}

/** The first limit that has no entry yet; open files are what people come for. */
function freeName(taken: readonly Rlimit[]): Rlimit['name'] {
  const all = ['nofile', ...rlimit.shape.name.options] as const;
  return all.find((name) => !taken.some((each) => each.name === name)) ?? 'nofile';
}

/** AppArmor or SELinux. */
export function LabelSection({ edit }: { edit: SettingsEdit }) {
  const { label } = edit.isolation;
  return (
    <SettingSection edit={edit} title="Security label" paths={['isolation.label']} summary={label ?? 'none'}>
      <Field
        className="max-w-md"
        label="AppArmor profile or SELinux context of init"
        hint="Empty is none. A host without AppArmor and SELinux refuses it, and says so before the start."
        error={problemAt(edit, 'isolation.label')}
      >
        {(control) => (
          <TextInput
            {...control}
            mono
            value={label ?? ''}
            onChange={(event) => edit.setIsolation({ label: event.currentTarget.value || null })}
          />
        )}
      </Field>
    </SettingSection>
  );
}

/** What /proc tells of memory, CPUs and uptime. */
export function LxcfsSection({ edit }: { edit: SettingsEdit }) {
  const { lxcfs } = edit.isolation;
  return (
    <SettingSection
      edit={edit}
      title="Own numbers"
      paths={['isolation.lxcfs']}
      summary={lxcfs ? "free, nproc and uptime tell the guest's limits" : "they tell the host's"}
    >
      <Checkbox
        label="free, nproc and uptime tell the guest's own limits and times (lxcfs)"
        checked={lxcfs}
        onChange={(next) => edit.setIsolation({ lxcfs: next })}
      />
      <About>
        Where lxcfs is not installed on the host, they tell the host's numbers; the limits hold all the same.
      </About>
    </SettingSection>
  );
}
