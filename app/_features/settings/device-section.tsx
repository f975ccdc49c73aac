'use client';

import type { GuestDevice } from '../../../server/guest/isolation-schema.ts';
import { Checkbox, Field, NumberInput, TextInput } from '../../_ui/index.ts';
import { modeText } from './describe-setting.ts';
import { EntryList } from './entry-list.tsx';
import { ENTRY_DEFAULTS } from './guest-settings.ts';
import { About, SettingSection } from './setting-section.tsx';
import { problemAt, type SettingsEdit } from './settings-edit.ts';

const device = (source: string, mode: number): GuestDevice => ({
  source,
  ...ENTRY_DEFAULTS['isolation.devices'],
  mode,
});

/** What people ask for most, with the modes that a host gives them. */
const PRESETS: readonly { label: string; entry: GuestDevice }[] = [
  { label: 'FUSE file systems: /dev/fuse', entry: device('/dev/fuse', 0o666) },
  { label: 'VPNs: /dev/net/tun', entry: device('/dev/net/tun', 0o666) },
  { label: 'Virtual machines: /dev/kvm', entry: device('/dev/kvm', 0o660) },
  { label: 'GPU, to compute and render: /dev/dri/renderD128', entry: device('/dev/dri/renderD128', 0o666) },
  { label: 'GPU, with its display: /dev/dri/card0', entry: device('/dev/dri/card0', 0o660) },
  { label: 'Sound: /dev/snd/controlC0', entry: device('/dev/snd/controlC0', 0o660) },
  { label: 'Serial port: /dev/ttyUSB0', entry: device('/dev/ttyUSB0', 0o660) },
];

const ACCESS = [
  ['r', 'read'],
  ['w', 'write'],
  ['m', 'make nodes of it'],
] as const;

/** `rw` with `m` is `rwm`: always in this order. Pure. */
export function toggleAccess(access: string, letter: string, on: boolean): string {
  return ['r', 'w', 'm'].filter((each) => (each === letter ? on : access.includes(each))).join('');
}

/** Devices of the host in the guest, beside the usual ones. */
export function DeviceSection({ edit }: { edit: SettingsEdit }) {
  const { devices } = edit.isolation;
  return (
    <SettingSection
      edit={edit}
      title="Devices"
      paths={['isolation.devices']}
      summary={
        devices.map(({ target, source }) => target ?? source).join(', ') ||
        'only the usual: null, zero, random, tty…'
      }
    >
      <About>
        A running guest gets and loses them at once; what is open stays open until it is closed. Disks and
        other devices that reach the host need privilege.
      </About>
      <EntryList
        what="device"
        entries={devices}
        presets={PRESETS.filter(({ entry }) => !devices.some(({ source }) => source === entry.source))}
        onChange={(next) => edit.setIsolation({ devices: next })}
        create={() => device('/dev/', 0o660)}
      >
        {(each, change, index) => (
          <DeviceFields edit={edit} device={each} at={`isolation.devices.${index}`} onChange={change} />
        )}
      </EntryList>
    </SettingSection>
  );
}

interface DeviceFieldsProps {
  edit: SettingsEdit;
  device: GuestDevice;
  at: string;
  onChange: (part: Partial<GuestDevice>) => void;
}

function DeviceFields({ edit, device, at, onChange }: DeviceFieldsProps) {
  return (
    <div className="flex flex-col gap-3">
      <div className="grid gap-3 @lg:grid-cols-2">
        <Field label="On the host" error={problemAt(edit, `${at}.source`)}>
          {(control) => (
            <TextInput
              {...control}
              mono
              placeholder="/dev/fuse"
              value={device.source}
              onChange={(event) => onChange({ source: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="In the guest" error={problemAt(edit, `${at}.target`)}>
          {(control) => (
            <TextInput
              {...control}
              mono
              placeholder="at the same path"
              value={device.target ?? ''}
              onChange={(event) => onChange({ target: event.currentTarget.value || null })}
            />
          )}
        </Field>
      </div>
      <div className="grid items-end gap-3 @lg:grid-cols-[auto_1fr_1fr_1fr]">
        <fieldset className="flex min-h-8 flex-wrap items-center gap-x-4">
          <legend className="sr-only">access</legend>
          {ACCESS.map(([letter, label]) => (
            <Checkbox
              key={letter}
              label={label}
              checked={device.access.includes(letter)}
              onChange={(on) => onChange({ access: toggleAccess(device.access, letter, on) })}
            />
          ))}
        </fieldset>
        <Field label="Mode" error={problemAt(edit, `${at}.mode`)}>
          {(control) => (
            <NumberInput
              {...control}
              label="mode"
              value={device.mode}
              min={0}
              max={0o777}
              parse={(text) => (/^0?[0-7]{1,3}$/.test(text.trim()) ? Number.parseInt(text, 8) : Number.NaN)}
              format={modeText}
              onChange={(mode) => onChange({ mode })}
            />
          )}
        </Field>
        {(['uid', 'gid'] as const).map((key) => (
          <Field
            key={key}
            label={key === 'uid' ? 'Owner id' : 'Group id'}
            error={problemAt(edit, `${at}.${key}`)}
          >
            {(control) => (
              <NumberInput
                {...control}
                label={key}
                value={device[key]}
                min={0}
                max={65_535}
                onChange={(id) => onChange({ [key]: id })}
              />
            )}
          </Field>
        ))}
      </div>
      {problemAt(edit, `${at}.access`) && (
        <p role="alert" className="text-bad text-sm">
          {problemAt(edit, `${at}.access`)}
        </p>
      )}
    </div>
  );
}
