import Link from 'next/link';
import type { IsolationDifference, IsolationView } from '../../../server/isolation/schema.ts';
import { cx, Icon, type IconName } from '../../_ui/index.ts';
import { Section } from './section.tsx';

const LOOK: Record<IsolationDifference['effect'], { icon: IconName; tone: string; word: string }> = {
  weaker: { icon: 'warning', tone: 'text-wait', word: 'weaker' },
  stronger: { icon: 'done', tone: 'text-ok', word: 'stronger' },
  other: { icon: 'info', tone: 'text-muted', word: 'other' },
};

/** Where a setting is changed. */
export function settingHref(guest: string, setting: string): string {
  return `/guests/${encodeURIComponent(guest)}/configuration#${setting}`;
}

/** What is not as the default of its kind has it, what weakens it first. */
export function DifferencesSection({ view, pending }: { view: IsolationView; pending: readonly string[] }) {
  const { guest, differences } = view;
  const weaker = differences.filter(({ effect }) => effect === 'weaker').length;
  return (
    <Section
      title="What differs from the default"
      aside={
        differences.length === 0
          ? null
          : weaker === 0
            ? 'nothing weaker'
            : `${weaker} of ${differences.length} weaker`
      }
    >
      {differences.length === 0 ? (
        <p className="flex items-center gap-2 py-2.5 text-sm">
          <Icon name="done" className="text-ok" />
          Nothing: it is separated as {guest.kind} guests are by default.
        </p>
      ) : (
        <ul>
          {differences.map(({ setting, effect, message }) => (
            <li
              key={`${setting} ${message}`}
              className="flex flex-wrap items-start gap-x-4 gap-y-0.5 border-line border-b py-2 text-sm last:border-b-0"
            >
              <span
                className={cx(
                  'inline-flex w-20 shrink-0 items-center gap-1.5 font-medium',
                  LOOK[effect].tone,
                )}
              >
                <Icon name={LOOK[effect].icon} size={14} />
                {LOOK[effect].word}
              </span>
              <span className="wrap-anywhere min-w-0 flex-1 basis-64">{message}</span>
              <Link
                href={settingHref(guest.name, setting)}
                className="rounded-sm font-mono text-accent text-xs leading-5 hover:underline"
              >
                {setting}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {view.live && pending.length > 0 && (
        <p className="wrap-anywhere flex items-start gap-2 border-line border-t py-2.5 text-sm text-wait">
          <Icon name="restart" size={14} className="mt-0.75" />
          <span>
            Changed since it started, counts from the next start on:{' '}
            {pending.map((setting, index) => (
              <span key={setting}>
                {index > 0 && ', '}
                <Link
                  href={settingHref(guest.name, setting)}
                  className="rounded-sm font-mono text-accent text-xs hover:underline"
                >
                  {setting}
                </Link>
              </span>
            ))}
          </span>
        </p>
      )}
    </Section>
  );
}
