'use client';

import { useState } from 'react';
import type { IsolationView } from '../../../server/isolation/schema.ts';
import { Chip, cx, Icon, plural, Tooltip } from '../../_ui/index.ts';
import { capabilityMeaning } from '../settings/index.ts';
import { type CapabilityState, capabilityStates } from './capability-states.ts';
import { Section } from './section.tsx';

/** The capabilities of init: those that it has, those that it lacks in grey, and what differs from the default. */
export function CapabilitySection({
  view,
  live,
}: {
  view: IsolationView;
  live: NonNullable<IsolationView['live']>;
}) {
  const [explained, setExplained] = useState(false);
  const states = capabilityStates(view.guest.kind, live.capabilities);
  const changed = states.filter(({ change }) => change !== null).length;
  return (
    <Section
      title="Capabilities of init"
      aside={`${live.capabilities.effective.length} effective, ${changed === 0 ? 'as by default' : `${changed} not as by default`}`}
      actions={
        <Chip pressed={explained} onClick={() => setExplained(!explained)}>
          Explain each
        </Chip>
      }
    >
      <ul
        className={cx(
          'grid pt-2',
          explained
            ? 'gap-x-8 lg:grid-cols-2'
            : 'grid-cols-[repeat(auto-fill,minmax(208px,1fr))] gap-x-2 max-sm:grid-cols-2',
        )}
      >
        {states.map((state) => (
          <li key={state.name} className={cx('min-w-0', explained && 'border-line border-b')}>
            {explained ? (
              <span className="flex items-start gap-3 py-1">
                <span className="w-44 shrink-0 max-sm:w-36">
                  <Name state={state} />
                </span>
                <span className="min-w-0 flex-1 text-muted text-xs leading-5">
                  {capabilityMeaning(state.name)}
                  {state.reachable && '; not effective now, but in its bounding set'}
                </span>
              </span>
            ) : (
              <Tooltip text={capabilityMeaning(state.name)}>
                <span className="inline-flex max-w-full">
                  <Name state={state} />
                </span>
              </Tooltip>
            )}
          </li>
        ))}
      </ul>
      {live.capabilities.inheritable.length + live.capabilities.ambient.length > 0 && (
        <p className="pt-2 text-muted text-sm">
          Passed on through exec: {plural(live.capabilities.inheritable.length, 'inheritable one')},{' '}
          {plural(live.capabilities.ambient.length, 'ambient one')}.
        </p>
      )}
    </Section>
  );
}

function Name({ state }: { state: CapabilityState }) {
  const { name, has, reachable, change } = state;
  const word = has ? 'has' : reachable ? 'may get' : 'lacks';
  return (
    <span
      className={cx(
        'inline-flex h-7 min-w-0 items-center gap-1.5 font-mono text-xs',
        !has && 'text-muted',
        change === 'added' && 'font-semibold text-wait',
        change === 'dropped' && 'font-semibold text-ok',
      )}
    >
      <Icon name={has ? 'check' : reachable ? 'minus' : 'close'} size={12} label={word} />
      <span className={cx('truncate', !has && !reachable && 'line-through')}>{name}</span>
      {change && <span className="font-sans">{change}</span>}
    </span>
  );
}
