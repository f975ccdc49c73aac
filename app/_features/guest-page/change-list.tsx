'use client';

import type { GuestLimits } from '../../../server/guest/schema.ts';
import { Button, Icon } from '../../_ui/index.ts';
import { flattenSettings, type SettingChange } from '../settings/index.ts';
import { countsFromNextStart } from './takes-effect.ts';
import type { Applied } from './use-configuration.ts';

/** The difference between what is and what is drafted. */
export function ChangeList({ changes, runs }: { changes: readonly SettingChange[]; runs: boolean }) {
  if (changes.length === 0) return null;
  return (
    <table className="w-full text-left text-sm">
      <caption className="pb-1 text-left font-medium">What changes</caption>
      <tbody>
        {changes.map(({ path, from, to }) => (
          <tr key={path} className="border-line border-t font-mono">
            <th scope="row" className="py-1.5 pr-4 font-normal text-muted">
              {path}
            </th>
            <td className="wrap-anywhere py-1.5 pr-4">
              <del className="text-bad">
                <span className="sr-only">from </span>
                {from}
              </del>
            </td>
            <td className="wrap-anywhere py-1.5">
              <ins className="text-ok no-underline">
                <span className="sr-only">to </span>
                {to}
              </ins>
            </td>
            {runs && (
              <td className="whitespace-nowrap py-1.5 pl-4 text-right font-sans text-muted text-xs max-sm:hidden">
                {countsFromNextStart(path) ? 'from the next start' : 'at once'}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** After a change: what was asked beside what the kernel reports, and the way back. */
export function AppliedChange(props: {
  applied: Applied;
  runs: boolean;
  busy: boolean;
  refusal: string | null;
  onUndo: () => void;
}) {
  const { applied, runs, busy, refusal, onUndo } = props;
  return (
    <section
      aria-label="applied change"
      className="flex flex-col gap-2 rounded-lg border border-line bg-surface p-3"
    >
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <Icon name="done" className="text-ok" />
        <span className="flex-1 font-medium">Applied</span>
        <Button icon="undo" busy={busy} disabledReason={refusal} onClick={onUndo}>
          Undo
        </Button>
      </div>
      <table className="w-full text-left text-sm">
        <thead className="text-muted text-xs">
          <tr>
            <th scope="col" className="py-1 pr-4 font-normal">
              setting
            </th>
            <th scope="col" className="py-1 pr-4 font-normal">
              asked for
            </th>
            <th scope="col" className="py-1 font-normal">
              read back from the kernel
            </th>
          </tr>
        </thead>
        <tbody>
          {applied.changes.map(({ path, to }) => (
            <tr key={path} className="border-line border-t font-mono">
              <th scope="row" className="py-1.5 pr-4 font-normal text-muted">
                {path}
              </th>
              <td className="wrap-anywhere py-1.5 pr-4">{to}</td>
              <td className="wrap-anywhere py-1.5">
                <ReadBack path={path} asked={to} readBack={applied.readBack} runs={runs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ReadBack(props: { path: string; asked: string; readBack: GuestLimits | null; runs: boolean }) {
  const { path, asked, readBack, runs } = props;
  if (!path.startsWith('limits.')) {
    const later = !runs || countsFromNextStart(path);
    return <span className="font-sans text-muted">{later ? 'kept, for the next start' : 'done'}</span>;
  }
  if (!readBack) return <span className="font-sans text-muted">from the next start on</span>;
  const value = flattenSettings({ limits: readBack }).get(path)?.text ?? 'none';
  return value === asked ? (
    <span className="inline-flex items-center gap-1.5">
      <Icon name="check" size={14} className="text-ok" label="as asked" />
      {value}
    </span>
  ) : (
    <span className="inline-flex items-center gap-1.5 text-wait">
      <Icon name="warning" size={14} label="differs" />
      {value}
    </span>
  );
}
