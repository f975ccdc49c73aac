'use client';

import { CopyButton } from './copy-button.tsx';

/** One command to read and to copy. */
export function CommandLine({ label, text }: { label: string; text: string }) {
  return (
    <div className="flex min-w-0 items-start gap-2 rounded-md bg-sunken py-1 pr-1 pl-3">
      <span className="w-8 shrink-0 py-1.5 text-muted text-xs">{label}</span>
      <code className="wrap-anywhere min-w-0 flex-1 whitespace-pre-wrap py-1.5 text-xs">{text}</code>
      <CopyButton text={text} label={`Copy the ${label} line`} />
    </div>
  );
}

/** The same action as a command and as a call of the API. Folded away until asked for. */
export function EquivalentCommands({
  cli,
  api,
}: {
  cli: string;
  api: { procedure: string; input: unknown };
}) {
  const call = `POST /api/trpc/${api.procedure}\n${JSON.stringify(api.input, null, 1).replace(/\n\s*/g, ' ')}`;
  return (
    <details className="group text-sm">
      <summary className="cursor-pointer select-none text-muted hover:text-ink">
        Same by command line and API
      </summary>
      <div className="mt-2 flex flex-col gap-2">
        <CommandLine label="CLI" text={cli} />
        <CommandLine label="API" text={call} />
      </div>
    </details>
  );
}
