import Link from 'next/link';
import type { IsolationView, NamespaceView } from '../../../server/isolation/schema.ts';
import { Icon } from '../../_ui/index.ts';
import { Exact, FactTable, Section } from './section.tsx';

/** By the kernel's names of /proc/PID/ns (namespaces(7)). */
const KEEPS_APART: Readonly<Record<string, string>> = {
  user: 'ids and capabilities',
  mnt: 'mounts',
  pid: 'processes',
  uts: 'host name',
  ipc: 'System V IPC, message queues',
  net: 'network',
  cgroup: 'root of its cgroups',
  time: 'clocks',
};

/** Each namespace with its inode, and who else is in it. */
export function NamespaceSection({ live }: { live: NonNullable<IsolationView['live']> }) {
  const shared = live.namespaces.filter(({ shared }) => shared !== 'own').length;
  return (
    <Section title="Namespaces" aside={shared === 0 ? 'all its own' : `${shared} shared`}>
      <FactTable
        label="namespaces"
        columns={['Type', 'Inode', 'Whose', 'Keeps apart']}
        rows={live.namespaces.map((each) => ({
          key: each.type,
          cells: [
            <span key="type" className="font-medium">
              {each.type}
            </span>,
            <Exact key="inode">{each.inode}</Exact>,
            <Whose key="whose" namespace={each} />,
            <span key="apart" className="text-muted">
              {KEEPS_APART[each.type] ?? ''}
            </span>,
          ],
        }))}
      />
    </Section>
  );
}

function Whose({ namespace }: { namespace: NamespaceView }) {
  const { shared, guests } = namespace;
  if (shared === 'own') return <span className="whitespace-nowrap">its own</span>;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5">
      <Icon name="warning" size={12} className="text-wait" />
      {shared === 'host' ? (
        <span className="whitespace-nowrap text-wait">the host&apos;s</span>
      ) : (
        <span>
          with{' '}
          {guests.map((name, index) => (
            <span key={name}>
              {index > 0 && ', '}
              <Link
                href={`/guests/${encodeURIComponent(name)}/isolation`}
                className="rounded-sm text-accent hover:underline"
              >
                {name}
              </Link>
            </span>
          ))}
        </span>
      )}
    </span>
  );
}
