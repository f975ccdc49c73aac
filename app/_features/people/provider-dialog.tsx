import { useId, useRef, useState } from 'react';
import { CALLBACK_PATH, type ProviderView } from '../../../server/oidc/schema.ts';
import { useSending } from '../../_trpc/index.ts';
import { Button, CommandLine, Dialog, Field, TextInput } from '../../_ui/index.ts';

export interface ProviderInput {
  provider: string;
  label?: string;
  issuer: string;
  clientId: string;
  secret?: string;
}

const FIELDS = [
  { key: 'provider', label: 'Name', hint: 'Lower-case letters, digits and hyphens.' },
  { key: 'label', label: 'Label', hint: 'The button says: Sign in with LABEL.' },
  { key: 'issuer', label: 'Issuer', hint: 'As https://login.example.org.' },
  { key: 'clientId', label: 'Client id', hint: null },
  { key: 'secret', label: 'Client secret', hint: null },
] as const;

/** Sets a provider up, or changes one. `save` rejects with what was wrong. */
export function ProviderDialog(props: {
  provider: ProviderView | null;
  save: (input: ProviderInput) => Promise<void>;
  onClose: () => void;
}) {
  const { provider, save, onClose } = props;
  const form = useId();
  const first = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState({
    ...{ provider: '', label: '', issuer: '', clientId: '', secret: '' },
    ...(provider && {
      ...{ provider: provider.provider, label: provider.label },
      ...{ issuer: provider.issuer, clientId: provider.clientId },
    }),
  });
  const { busy, problem, submit } = useSending(() => {
    const { label, secret, ...rest } = draft;
    return save({ ...rest, ...(label === '' ? {} : { label }), ...(secret === '' ? {} : { secret }) });
  });
  const wrong = problem?.field?.[0];
  const fields = FIELDS.filter(({ key }) => provider === null || key !== 'provider');
  const isPlaced = fields.some(({ key }) => key === wrong);
  return (
    <Dialog
      open
      onClose={onClose}
      title={provider === null ? 'New provider' : `Change ${provider.label}`}
      description="Register a client there that sends people back to this address:"
      initialFocus={first}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form} busy={busy}>
            Save
          </Button>
        </>
      }
    >
      <CommandLine label="Address" text={`${window.location.origin}${CALLBACK_PATH}`} />
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        {problem && !isPlaced && (
          <p role="alert" className="text-bad text-sm">
            {problem.message}
          </p>
        )}
        {fields.map(({ key, label, hint }, at) => (
          <Field
            key={key}
            label={label}
            error={wrong === key ? problem?.message : null}
            hint={key === 'secret' && provider ? 'Left empty it stays; it is not shown again.' : hint}
          >
            {(control) => (
              <TextInput
                {...control}
                ref={at === 0 ? first : undefined}
                type={key === 'secret' ? 'password' : 'text'}
                autoComplete="off"
                value={draft[key]}
                onChange={(event) => setDraft({ ...draft, [key]: event.currentTarget.value })}
              />
            )}
          </Field>
        ))}
      </form>
    </Dialog>
  );
}
