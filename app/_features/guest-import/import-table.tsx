'use client';

import { useState } from 'react';
import type { ImportVerdict } from '../../../server/guest/import-schema.ts';
import { valueText } from '../../../server/guest/import-text-schema.ts';
import { Badge, Button, Icon, type Tone } from '../../_ui/index.ts';
import type { Entry, Outcome } from './import-entries.ts';

const LOOK: Record<
  ImportVerdict,
  { tone: Tone; text: string; icon: 'plus' | 'pencil' | 'check' | 'warning' }
> = {
  new: { tone: 'ok', text: 'new', icon: 'plus' },
  changed: { tone: 'wait', text: 'changed', icon: 'pencil' },
  same: { tone: 'idle', text: 'the same', icon: 'check' },
  refused: { tone: 'bad', text: 'refused', icon: 'warning' },
};
/** Guests that are drawn at first: a page of a thousand is slow to look at. */
const FIRST = 200;

/** Each guest of a file, and what of it would be other than it is. */
export function ImportTable(props: { entries: readonly Entry[]; outcomes: ReadonlyMap<string, Outcome> }) {
  const { entries, outcomes } = props;
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? entries : entries.slice(0, FIRST);
  return (
    <>
      <ul aria-label="Guests of the file" className="border-line border-t">
        {shown.map((entry) => (
          <Row key={entry.key} entry={entry} outcome={outcomes.get(entry.key) ?? null} />
        ))}
      </ul>
      {shown.length < entries.length && (
        <Button look="quiet" className="mt-2" onClick={() => setWhole(true)}>
          Show the other {entries.length - shown.length}
        </Button>
      )}
    </>
  );
}

function Row({ entry, outcome }: { entry: Entry; outcome: Outcome | null }) {
  const { verdict, name, line, changes, problems } = entry;
  const { tone, text, icon } = LOOK[verdict];
  return (
    <li className="flex flex-col gap-1 border-line border-b py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={tone} icon={icon}>
          {text}
        </Badge>
        <h3 className="wrap-anywhere min-w-0 font-medium">{name || 'the file'}</h3>
        <span className="text-muted text-sm">line {line}</span>
        {outcome && <Went outcome={outcome} />}
      </div>
      {problems.map(({ path, message }) => (
        <p key={`${path} ${message}`} className="wrap-anywhere text-bad text-sm">
          {path && !message.startsWith(path) && <code className="mr-2 font-mono">{path}</code>}
          {message}
        </p>
      ))}
      {changes.length > 0 && <Changes entry={entry} />}
      {outcome?.status === 'failed' && (
        <p role="alert" className="wrap-anywhere text-bad text-sm">
          not done: {outcome.message}
        </p>
      )}
    </li>
  );
}

function Went({ outcome }: { outcome: Outcome }) {
  if (outcome.status === 'failed')
    return <Icon name="warning" size={14} label="not done" className="text-bad" />;
  if (outcome.status === 'waiting')
    return <Icon name="busy" size={14} label="waiting" className="text-wait" />;
  return <Icon name="done" size={14} label="done" className="text-ok" />;
}

function Changes({ entry: { name, verdict, changes } }: { entry: Entry }) {
  return (
    <table className="w-full table-fixed text-left text-sm">
      <caption className="sr-only">What changes of {name}</caption>
      <tbody>
        {changes.map(({ path, from, to }) => (
          <tr key={path} className="align-top font-mono max-sm:block max-sm:py-0.5">
            <th
              scope="row"
              className="wrap-anywhere w-48 py-0.5 pr-4 font-normal text-muted max-sm:block max-sm:w-auto"
            >
              {path}
            </th>
            <td className="wrap-anywhere py-0.5 max-sm:block">
              {verdict !== 'new' && (
                <>
                  <del className="text-bad no-underline">
                    <span className="sr-only">from </span>
                    {valueText(path, from)}
                  </del>
                  <Icon name="right" size={12} className="mx-1.5 inline text-muted" />
                </>
              )}
              <ins className="text-ok no-underline">
                <span className="sr-only">to </span>
                {valueText(path, to)}
              </ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
