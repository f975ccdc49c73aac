import Link from 'next/link';
import type { ReactNode } from 'react';
import type { IsolationView } from '../../../server/isolation/schema.ts';
import { Icon, plural } from '../../_ui/index.ts';
import { settingHref } from './differences-section.tsx';
import { Exact, FactTable, Section } from './section.tsx';

type Live = NonNullable<IsolationView['live']>;

/** seccomp, no_new_privs and the label of init. */
export function WallSection({ view, live }: { view: IsolationView; live: Live }) {
  const { mode, filters, profile } = live.seccomp;
  const guest = view.guest.name;
  return (
    <Section title="Walls of init">
      <dl className="text-sm">
        <Wall name="System calls" href={settingHref(guest, 'isolation.seccomp')} good={mode !== 'none'}>
          {mode === 'filter'
            ? `${plural(filters, 'filter')}, profile ${profile}`
            : mode === 'strict'
              ? 'strict: read, write, exit'
              : 'no filter: every system call is let through'}
        </Wall>
        <Wall name="no_new_privs" good={live.noNewPrivs || view.guest.kind === 'system'}>
          {live.noNewPrivs
            ? 'set: no program gives more than it was started with'
            : 'not set: set-user-id programs work inside'}
        </Wall>
        <Wall name="Label" href={settingHref(guest, 'isolation.label')} good>
          {live.label ?? 'none'}
        </Wall>
        <Wall
          name="Privileged"
          href={settingHref(guest, 'isolation.privileged')}
          good={!view.guest.privileged}
        >
          {view.guest.privileged ? 'yes: its root is root of the host' : 'no'}
        </Wall>
      </dl>
    </Section>
  );
}

function Wall(props: { name: string; href?: string; good: boolean; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[112px_1fr] gap-4 border-line border-b py-2">
      <dt className="text-muted">
        {props.href ? (
          <Link href={props.href} className="rounded-sm hover:text-accent hover:underline">
            {props.name}
          </Link>
        ) : (
          props.name
        )}
      </dt>
      <dd className="wrap-anywhere flex min-w-0 items-start gap-1.5">
        {!props.good && <Icon name="warning" size={14} className="mt-0.75 text-wait" label="weak" />}
        {props.children}
      </dd>
    </div>
  );
}

/** Limits of each process of init's making. */
export function RlimitSection({ live }: { live: Live }) {
  return (
    <Section title="Resource limits of init">
      <FactTable
        label="resource limits"
        columns={['Limit', 'Soft', 'Hard']}
        rows={live.rlimits.map(({ name, soft, hard }) => ({
          key: name,
          cells: [name, <Exact key="soft">{soft}</Exact>, <Exact key="hard">{hard}</Exact>],
        }))}
      />
    </Section>
  );
}

/** Kernel settings of its own namespaces. */
export function SysctlSection({ live, guest }: { live: Live; guest: string }) {
  return (
    <Section title="Sysctls">
      <FactTable
        label="sysctls"
        columns={['Name', 'Value']}
        empty="none is set: the kernel's own"
        rows={live.sysctls.map(({ name, value }) => ({
          key: name,
          cells: [
            <Link
              key="name"
              href={settingHref(guest, 'isolation.sysctls')}
              className="wrap-anywhere rounded-sm font-mono text-xs hover:text-accent hover:underline"
            >
              {name}
            </Link>,
            <Exact key="value">{value}</Exact>,
          ],
        }))}
      />
    </Section>
  );
}

const TYPES = { c: 'char', b: 'block', a: 'all' } as const;

/** Which devices the kernel lets it open. */
export function DeviceSection({ live, guest }: { live: Live; guest: string }) {
  return (
    <Section
      title="Devices"
      aside={`${live.devices.length} allowed`}
      actions={
        <Link
          href={settingHref(guest, 'isolation.devices')}
          className="rounded-sm text-accent text-sm hover:underline"
        >
          Add or take away
        </Link>
      }
    >
      <FactTable
        label="devices"
        columns={['Device', 'Type', 'Numbers', 'Access']}
        empty="none may be opened"
        rows={live.devices.map(({ type, numbers, access, name }) => ({
          key: `${type} ${numbers} ${access}`,
          cells: [
            name === null ? (
              <span key="name" className="text-muted">
                unnamed
              </span>
            ) : (
              <Exact key="name">{name}</Exact>
            ),
            TYPES[type],
            <Exact key="numbers">{numbers}</Exact>,
            <Exact key="access">{access}</Exact>,
          ],
        }))}
      />
    </Section>
  );
}
