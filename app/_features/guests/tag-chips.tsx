'use client';

import { QuietLink } from '../../_ui/index.ts';

/** As many as a row of usual width has room for. */
const MOST = 2;

/** Tags in a row, each a way to all that have it; how many more there are, with their names on hover. */
export function TagChips({ tags, most = MOST }: { tags: readonly string[]; most?: number }) {
  if (tags.length === 0) return <span className="text-muted">–</span>;
  const rest = tags.slice(most);
  return (
    <span className="flex min-w-0 items-center gap-1 overflow-hidden">
      {tags.slice(0, most).map((tag) => (
        <QuietLink
          key={tag}
          href={`/guests?q=tag:${encodeURIComponent(tag)}`}
          title={tag}
          className="max-w-28 shrink-0 truncate rounded-sm border border-line bg-canvas px-1.5 text-ink text-xs leading-5 hover:border-line-strong"
        >
          {tag}
        </QuietLink>
      ))}
      {rest.length > 0 && (
        <span title={rest.join(' ')} className="shrink-0 text-muted text-xs">
          +{rest.length}
        </span>
      )}
    </span>
  );
}
