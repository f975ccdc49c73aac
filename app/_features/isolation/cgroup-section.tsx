'use client';

import type { CgroupNode, IsolationView } from '../../../server/isolation/schema.ts';
import { Icon, plural } from '../../_ui/index.ts';
import { CgroupFile } from './cgroup-file.tsx';
import { Exact, FactTable, Section } from './section.tsx';

/** Nodes deeper than this begin folded: systemd's tree is long. */
const OPEN_DEPTH = 2;

/** The guest's control groups: where they are in each hierarchy, and which processes are in which. */
export function CgroupSection({
  live,
  guest,
}: {
  live: NonNullable<IsolationView['live']>;
  guest: { id: string; name: string };
}) {
  const { hierarchies, tree } = live.cgroup;
  return (
    <Section
      title="Control groups"
      aside={`${plural(countProcesses(tree), 'process', 'processes')} in ${plural(countNodes(tree), 'group')}`}
    >
      <ul className="py-2">
        <Node node={tree} depth={0} />
      </ul>
      <FactTable
        label="cgroup hierarchies"
        columns={['Controllers', 'Version', 'Path']}
        rows={hierarchies.map(({ controllers, version, path }) => ({
          key: `${version} ${controllers.join()}`,
          cells: [
            <span key="controllers" className="whitespace-nowrap">
              {controllers.join(', ') || 'none'}
            </span>,
            version,
            <Exact key="path">{path}</Exact>,
          ],
        }))}
      />
      <CgroupFile guest={guest} isUnified={!hierarchies.some(({ version }) => version === 'v1')} />
    </Section>
  );
}

function Node({ node, depth }: { node: CgroupNode; depth: number }) {
  const name = node.path === '' ? '/' : node.path.slice(node.path.lastIndexOf('/') + 1);
  const isLeaf = node.children.length === 0 && node.processes.length === 0;
  if (isLeaf) {
    return (
      <li className="flex min-h-7 items-center gap-1.5 pl-5 text-sm">
        <Exact>{name}</Exact>
        <span className="text-muted text-xs">empty</span>
      </li>
    );
  }
  return (
    <li>
      <details open={depth < OPEN_DEPTH} className="group/node">
        <summary className="flex min-h-7 cursor-pointer list-none items-center gap-1.5 text-sm hover:bg-hover [&::-webkit-details-marker]:hidden">
          <Icon name="right" size={14} className="text-muted group-open/node:rotate-90" />
          <Exact>{name}</Exact>
          <span className="text-muted text-xs">{plural(countProcesses(node), 'process', 'processes')}</span>
        </summary>
        <ul className="ml-1.75 border-line border-l pl-3">
          {node.processes.map(({ pid, command }) => (
            <li key={pid} className="flex min-h-6 items-start gap-3 text-sm">
              <Exact>{pid}</Exact>
              <span className="wrap-anywhere min-w-0 text-muted">{command}</span>
            </li>
          ))}
          {node.children.map((child) => (
            <Node key={child.path} node={child} depth={depth + 1} />
          ))}
        </ul>
      </details>
    </li>
  );
}

function countProcesses(node: CgroupNode): number {
  return node.children.reduce((sum, child) => sum + countProcesses(child), node.processes.length);
}

function countNodes(node: CgroupNode): number {
  return node.children.reduce((sum, child) => sum + countNodes(child), 1);
}
