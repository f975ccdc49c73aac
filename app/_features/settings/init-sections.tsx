'use client';

import { STOP_SIGNALS } from '../../../server/guest/init-schema.ts';
import type { GuestInit } from '../../../server/guest/schema.ts';
import { Checkbox, Field, NumberInput, plural, Select, TextInput } from '../../_ui/index.ts';
import { OptionalNumber } from './optional-number.tsx';
import { PairRows } from './pair-rows.tsx';
import { About, SettingSection } from './setting-section.tsx';
import { problemAt, type SettingsEdit } from './settings-edit.ts';

/** As whom and where init runs, with which environment, and how it is asked to stop. */
export function ProgramSections({ edit }: { edit: SettingsEdit }) {
  const { environment, user, workdir, stopSignal } = edit.init;
  const names = Object.keys(environment);
  return (
    <>
      <SettingSection
        edit={edit}
        title="User and folder"
        paths={['init.user', 'init.workdir', 'init.stopSignal']}
        summary={`${user ?? 'root'} in ${workdir}, stopped by ${stopSignal ?? "the image's signal"}`}
      >
        <div className="grid gap-4 @lg:grid-cols-3">
          <Field label="User" hint="A name or UID[:GID] of the guest." error={problemAt(edit, 'init.user')}>
            {(control) => (
              <TextInput
                {...control}
                mono
                placeholder="root"
                value={user ?? ''}
                onChange={(event) => edit.setInit({ user: event.currentTarget.value || null })}
              />
            )}
          </Field>
          <Field label="Working directory" error={problemAt(edit, 'init.workdir')}>
            {(control) => (
              <TextInput
                {...control}
                mono
                value={workdir}
                onChange={(event) => edit.setInit({ workdir: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label="Stop signal" error={problemAt(edit, 'init.stopSignal')}>
            {(control) => (
              <Select
                {...control}
                value={stopSignal ?? 'image'}
                options={[
                  { value: 'image', label: "the image's" },
                  ...STOP_SIGNALS.map((value) => ({ value, label: value })),
                ]}
                onChange={(next) => edit.setInit({ stopSignal: next === 'image' ? null : next })}
              />
            )}
          </Field>
        </div>
      </SettingSection>
      <SettingSection
        edit={edit}
        title="Environment"
        paths={['init.environment']}
        summary={names.join(', ') || "the image's and Berth's own"}
      >
        <About>Variables of init beside the image's. Whoever may read the guest's settings reads them.</About>
        <PairRows
          what="variable"
          names="NAME"
          values="value"
          record={environment}
          problemOf={(name) => problemAt(edit, `init.environment.${name}`)}
          onChange={(record) => edit.setInit({ environment: record })}
        />
      </SettingSection>
    </>
  );
}

const POLICIES: readonly { value: GuestInit['restart']['policy']; label: string; detail: string }[] = [
  { value: 'no', label: 'no', detail: 'it stays stopped' },
  {
    value: 'on-failure',
    label: 'on failure',
    detail: 'after a status other than 0, a signal, or lack of memory',
  },
  { value: 'always', label: 'always', detail: 'however it ended, unless it was stopped by hand' },
];

function restartText({ policy, delayMs, attempts }: GuestInit['restart']): string {
  if (policy === 'no') return 'no';
  const often = attempts === null ? 'without end' : `${plural(attempts, 'time')} at most`;
  return `${policy === 'always' ? 'always' : 'on failure'}, after ${delayMs / 1000} s, ${often}`;
}

/** What happens when init ends by itself, and when the host boots. */
export function RestartSections({ edit }: { edit: SettingsEdit }) {
  const { restart, autostart } = edit.init;
  const setRestart = (part: Partial<GuestInit['restart']>) =>
    edit.setInit({ restart: { ...restart, ...part } });
  const setAutostart = (part: Partial<GuestInit['autostart']>) =>
    edit.setInit({ autostart: { ...autostart, ...part } });
  return (
    <>
      <SettingSection edit={edit} title="Restart" paths={['init.restart']} summary={restartText(restart)}>
        <div className="grid gap-4 @lg:grid-cols-2">
          <Field label="When init ends by itself" error={problemAt(edit, 'init.restart.policy')}>
            {(control) => (
              <Select
                {...control}
                value={restart.policy}
                options={POLICIES}
                onChange={(policy) => setRestart({ policy })}
              />
            )}
          </Field>
          {restart.policy !== 'no' && (
            <>
              <Field
                label="At most"
                hint="Restarts in a row."
                error={problemAt(edit, 'init.restart.attempts')}
              >
                {(control) => (
                  <OptionalNumber
                    {...control}
                    value={restart.attempts}
                    empty="without end"
                    onChange={(attempts) => setRestart({ attempts })}
                  />
                )}
              </Field>
              <Seconds
                label="First pause, seconds"
                hint="Doubled after each restart in a row."
                error={problemAt(edit, 'init.restart.delayMs')}
                ms={restart.delayMs}
                onChange={(delayMs) => setRestart({ delayMs })}
              />
              <Seconds
                label="Longest pause, seconds"
                error={problemAt(edit, 'init.restart.maxDelayMs')}
                ms={restart.maxDelayMs}
                onChange={(maxDelayMs) => setRestart({ maxDelayMs })}
              />
            </>
          )}
        </div>
      </SettingSection>
      <SettingSection
        edit={edit}
        title="Autostart"
        paths={['init.autostart']}
        summary={
          autostart.enabled
            ? `with the host, order ${autostart.order}, then ${autostart.delaySeconds} s`
            : 'not with the host'
        }
      >
        <Checkbox
          label="Start it when the host has booted"
          checked={autostart.enabled}
          onChange={(enabled) => setAutostart({ enabled })}
        />
        {autostart.enabled && (
          <div className="grid gap-4 @lg:grid-cols-2">
            <Field
              label="Order"
              hint="Lower is earlier; guests of one order start together."
              error={problemAt(edit, 'init.autostart.order')}
            >
              {(control) => (
                <NumberInput
                  {...control}
                  label="order"
                  value={autostart.order}
                  min={0}
                  max={10_000}
                  step={(value, direction) => value + direction * 10}
                  onChange={(order) => setAutostart({ order })}
                />
              )}
            </Field>
            <Field
              label="Pause after it, seconds"
              hint="Before guests of the next order start."
              error={problemAt(edit, 'init.autostart.delaySeconds')}
            >
              {(control) => (
                <NumberInput
                  {...control}
                  label="pause"
                  value={autostart.delaySeconds}
                  min={0}
                  max={3600}
                  onChange={(delaySeconds) => setAutostart({ delaySeconds })}
                />
              )}
            </Field>
          </div>
        )}
      </SettingSection>
    </>
  );
}

function Seconds(props: {
  label: string;
  hint?: string;
  error: string | null;
  ms: number;
  onChange: (ms: number) => void;
}) {
  return (
    <Field label={props.label} hint={props.hint} error={props.error}>
      {(control) => (
        <NumberInput
          {...control}
          label={props.label.toLowerCase()}
          value={props.ms / 1000}
          min={0}
          max={86_400}
          onChange={(seconds) => props.onChange(Math.round(seconds * 1000))}
        />
      )}
    </Field>
  );
}
