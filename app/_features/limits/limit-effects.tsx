'use client';

import { Badge, cx, Icon, RelativeTime } from '../../_ui/index.ts';
import { effectsOf } from './effects-since.ts';
import { LIMIT_NAMES, type LimitGroup, type LimitKey, limitText } from './limit-text.ts';
import { useLimitsPage } from './limits-context.ts';
import type { Written } from './use-limit-draft.ts';

/** What the limits of a group did: since the last change of one of them, else since the guest started. */
export function EffectList({ group }: { group: LimitGroup }) {
  const { guest, effects, draft, untold } = useLimitsPage();
  if (guest.initPid === null || !effects) return null;
  const written = writtenIn(group, draft.written);
  const list = effectsOf(group, effects, written?.effects ?? null, untold);
  if (list.length === 0) return null;
  return (
    <div className="text-sm">
      <h3 className="mb-1 text-muted text-xs">
        {written ? (
          <>
            Effect of the change <RelativeTime at={written.at} />
          </>
        ) : (
          'Effect since it started'
        )}
      </h3>
      <dl
        aria-label={`effect of ${group} limits`}
        className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-0.5"
      >
        {list.map(({ name, text, hurts, reason }) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className={cx('wrap-anywhere text-right', hurts && 'text-wait', reason && 'text-muted')}>
              {hurts && <Icon name="warning" size={12} className="mr-1 inline" label="held back" />}
              {text}
              {reason && <span className="block text-xs">{reason}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function writtenIn(group: LimitGroup, written: Written | null): Written | null {
  return written?.keys.some((key) => LIMIT_NAMES[key].group === group) ? written : null;
}

/** After a change: what was asked beside what the kernel has since. */
export function WrittenList({ group }: { group: LimitGroup }) {
  const { draft } = useLimitsPage();
  const written = writtenIn(group, draft.written);
  if (!written) return null;
  const keys = written.keys.filter((key) => LIMIT_NAMES[key].group === group);
  return (
    <div className="overflow-x-auto border-line border-t px-4 py-2">
      <table aria-label={`what the kernel has of ${group}`} className="w-full text-left text-sm">
        <thead className="text-muted text-xs">
          <tr>
            <th scope="col" className="py-1 pr-4 font-normal">
              written <RelativeTime at={written.at} />
            </th>
            <th scope="col" className="py-1 pr-4 font-normal">
              before
            </th>
            <th scope="col" className="py-1 pr-4 font-normal">
              asked for
            </th>
            <th scope="col" className="py-1 font-normal">
              the kernel has
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key}>
              <th scope="row" className="whitespace-nowrap py-1 pr-4 font-normal">
                {LIMIT_NAMES[key].name}
              </th>
              <td className="wrap-anywhere py-1 pr-4 text-muted">{limitText(key, written.before)}</td>
              <td className="wrap-anywhere py-1 pr-4">{limitText(key, written.asked)}</td>
              <td className="wrap-anywhere py-1">
                <ReadBack limit={key} written={written} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ReadBack({ limit, written }: { limit: LimitKey; written: Written }) {
  const { asked, readBack } = written;
  if (!readBack) return <span className="text-muted">from the next start on</span>;
  const text = limitText(limit, readBack);
  const isSame = JSON.stringify(readBack[limit]) === JSON.stringify(asked[limit]);
  return isSame ? (
    <Badge plain tone="ok" icon="check">
      {text}
    </Badge>
  ) : (
    <Badge plain tone="wait" icon="warning">
      {`${text}, not as asked`}
    </Badge>
  );
}
