import { cx } from './cx.ts';

/** The place of something that is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cx('block h-4 rounded-sm bg-hover', className)} />;
}
