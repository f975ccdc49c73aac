import type { ReactNode } from 'react';
import { cx } from '../../_ui/index.ts';

/** One part of the page: its title, what it says at a glance, and the facts. */
export function Section(props: {
  title: string;
  aside?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section aria-label={props.title} className={cx('flex min-w-0 flex-col', props.className)}>
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b pb-1.5">
        <h2 className="font-semibold">{props.title}</h2>
        {props.aside && <span className="text-muted text-sm">{props.aside}</span>}
        {props.actions && <div className="ml-auto flex items-center gap-2">{props.actions}</div>}
      </div>
      {props.children}
    </section>
  );
}

/** A plain table of facts; wider than its place, it scrolls by itself. */
export function FactTable(props: {
  label: string;
  columns: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[]; mark?: boolean }[];
  /** What stands there when there is nothing. */
  empty?: string;
}) {
  if (props.rows.length === 0) return <p className="py-2 text-muted text-sm">{props.empty ?? 'none'}</p>;
  return (
    <div className="min-w-0 overflow-x-auto">
      <table aria-label={props.label} className="w-full text-left text-sm">
        <thead className="text-muted text-xs">
          <tr>
            {props.columns.map((column) => (
              <th key={column} scope="col" className="whitespace-nowrap py-1.5 pr-4 font-normal last:pr-0">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map(({ key, cells, mark }) => (
            <tr key={key} className={cx('border-line border-t align-top', mark && 'bg-selected')}>
              {cells.map((cell, index) => (
                <td key={props.columns[index]} className="py-1.5 pr-4 last:pr-0">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Something that the kernel says, as it says it. */
export function Exact({ children }: { children: ReactNode }) {
  return <code className="whitespace-nowrap text-xs">{children}</code>;
}
