'use client';

import Link from 'next/link';
import type { AuditEntry } from '../../../server/audit/schema.ts';
import { Badge, PlainRow, RelativeTime } from '../../_ui/index.ts';

const VIA = { web: 'in a browser', cli: 'on the command line', server: 'by the server itself' } as const;

/** How it came: by what, or with which token. */
function viaText(via: AuditEntry['via']): string {
  return via === 'web' || via === 'cli' || via === 'server' ? VIA[via] : `by the ${via}`;
}

/** One thing that somebody did, or was refused; what was asked for is folded away. */
export function AuditRow({ entry }: { entry: AuditEntry }) {
  const { seq, at, actor, via, address, action, subject, operation, input, outcome, reason, atomic } = entry;
  return (
    <PlainRow actions={null}>
      <h2 className="flex flex-wrap items-center gap-x-2 font-medium text-base">
        <span className="wrap-anywhere">{actor}</span>
        <span className="wrap-anywhere font-mono font-normal text-sm">{action}</span>
        {subject && <span className="wrap-anywhere">{subject.name}</span>}
        {outcome !== 'done' && <Badge tone={outcome === 'failed' ? 'bad' : 'wait'}>{outcome}</Badge>}
      </h2>
      {reason && <p className="wrap-anywhere text-sm">{reason}</p>}
      <p className="flex flex-wrap gap-x-4 text-muted text-sm">
        <span>
          <RelativeTime at={at} />, {viaText(via)}
          {address && ` from ${address}`}
        </span>
        <span className="tabular-nums">number {seq}</span>
        <span>{atomic ? 'written with the change' : 'written directly after'}</span>
        {operation && (
          <Link href={`/operations/${operation}`} className="rounded-sm text-accent hover:underline">
            its operation
          </Link>
        )}
      </p>
      <details className="text-sm">
        <summary className="cursor-pointer text-muted">what was asked for</summary>
        <pre className="mt-1 max-h-60 overflow-auto whitespace-pre-wrap break-all rounded-md bg-sunken px-3 py-2 text-xs">
          {input}
        </pre>
      </details>
    </PlainRow>
  );
}
