'use client';

import { useState } from 'react';
import { useGuestsCalled } from '../../_trpc/index.ts';
import { type ControlProps, plural, SearchSelect } from '../../_ui/index.ts';

/** `the host`, `guest db-1`. */
export function ownerText(owner: string): string {
  return owner === 'host' ? 'the host' : owner.replace(/^guest:/, 'guest ');
}

const labelOf = (owner: string) => (owner === 'own' ? 'its own' : ownerText(owner));

export interface OwnerSelectProps extends Partial<ControlProps> {
  /** `own`, `host`, `guest:NAME`. */
  value: string;
  /** The guest whose namespace it is; null while it is not made. */
  self: string | null;
  onChange: (owner: string) => void;
}

/** Whose a namespace is: its own, the host's, or that of a guest that runs, which is searched for by name. */
export function OwnerSelect({ value, self, onChange, ...control }: OwnerSelectProps) {
  const [text, setText] = useState<string | null>(null);
  const { guests, more } = useGuestsCalled({ text, among: 'state:running,frozen', here: true });
  const part = (text ?? '').trim().toLowerCase();
  const fixed = ['own', 'host'].filter((owner) => labelOf(owner).includes(part));
  const others = guests.flatMap(({ name }) => (name === self ? [] : [`guest:${name}`]));
  // One that does not run now may still be what is set.
  const chosen = value.startsWith('guest:') && part === '' && !others.includes(value) ? [value] : [];
  return (
    <SearchSelect
      {...control}
      value={value}
      valueLabel={labelOf(value)}
      options={[...fixed, ...chosen, ...others].map((owner) => ({ value: owner, label: labelOf(owner) }))}
      text={text}
      onText={setText}
      searchLabel="Find a guest that runs"
      aside={more > 0 && `and ${plural(more, 'other')}: write more of the name`}
      onChange={onChange}
    />
  );
}
