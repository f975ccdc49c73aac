import Link from 'next/link';
import type { NoticeKind, NoticeView } from '../../../server/notice/schema.ts';
import { cx, Icon, type IconName, RelativeTime } from '../../_ui/index.ts';

const LOOK: Readonly<Record<NoticeKind, { icon: IconName; tone: string }>> = {
  'guest.failed': { icon: 'warning', tone: 'text-bad' },
  'guest.memory': { icon: 'chip', tone: 'text-bad' },
  'guest.expiry': { icon: 'calendar', tone: 'text-wait' },
  'operation.failed': { icon: 'warning', tone: 'text-bad' },
  'backup.failed': { icon: 'warning', tone: 'text-bad' },
  'guest.created': { icon: 'plus', tone: 'text-muted' },
  'guest.deleted': { icon: 'trash', tone: 'text-muted' },
};

/** What was told of one thing that happened. */
export function NoticeRow(props: {
  notice: NoticeView;
  isNew: boolean;
  /** Its guest is deleted. */
  isGone: boolean;
}) {
  const { notice, isNew, isGone } = props;
  const { at, kind, guest, project, text } = notice;
  const { icon, tone } = LOOK[kind];
  return (
    <li className={cx('flex items-start gap-3 border-line border-b py-2 text-sm', isNew && 'font-medium')}>
      <Icon name={icon} className={cx('mt-0.5 shrink-0', tone)} />
      <span className="min-w-0 flex-1">
        <span className="wrap-anywhere block">
          {isNew && <span className="sr-only">new: </span>}
          {text}
        </span>
        <span className="block font-normal text-muted text-xs">
          <RelativeTime at={at} />
          {project !== null && `, project ${project}`}
          {guest !== null && !isGone && (
            <>
              ,{' '}
              <Link href={`/guests/${guest.id}`} className="underline hover:text-ink">
                open {guest.name}
              </Link>
            </>
          )}
        </span>
      </span>
    </li>
  );
}
