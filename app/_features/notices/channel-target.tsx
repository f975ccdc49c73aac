import { Field, Select, TextInput } from '../../_ui/index.ts';
import type { ChannelDraft } from './channel-draft.ts';

type Text = 'url' | 'secret' | 'username' | 'sender' | 'receivers';

const FIELDS: Readonly<Record<ChannelDraft['kind'], readonly { key: Text; label: string; hint: string }[]>> =
  {
    webhook: [
      {
        key: 'url',
        label: 'Address',
        hint: 'As https://chat.example.org/hooks/7: it gets JSON, its text in “text”.',
      },
      {
        key: 'secret',
        label: 'Secret',
        hint: 'Optional: signs what is sent, as the header Berth-Signature.',
      },
    ],
    mail: [
      { key: 'receivers', label: 'To', hint: 'Addresses, with commas between them.' },
      { key: 'sender', label: 'From', hint: 'An address that the mail server lets Berth write from.' },
      { key: 'url', label: 'Mail server', hint: 'As smtps://mail.example.org, or smtp://… for STARTTLS.' },
      { key: 'username', label: 'User', hint: 'Optional: signs in at the mail server, over TLS alone.' },
      { key: 'secret', label: 'Password', hint: 'Of that user.' },
    ],
  };

/** Where a channel goes. */
export function ChannelTarget(props: {
  draft: ChannelDraft;
  /** One is kept that is not shown. */
  hasSecret: boolean;
  change: (part: Partial<ChannelDraft>) => void;
  errorOf: (field: string) => string | null | undefined;
}) {
  const { draft, hasSecret, change, errorOf } = props;
  return (
    <>
      <Field label="How">
        {(control) => (
          <Select
            {...control}
            value={draft.kind}
            options={[
              { value: 'webhook', label: 'webhook', detail: 'a chat, a pager, a program of yours' },
              { value: 'mail', label: 'mail', detail: 'by a mail server of yours' },
            ]}
            onChange={(kind) => change({ kind, url: '', secret: '' })}
          />
        )}
      </Field>
      {FIELDS[draft.kind].map(({ key, label, hint }) => (
        <Field
          key={`${draft.kind} ${key}`}
          label={label}
          error={errorOf(key)}
          hint={key === 'secret' && hasSecret ? 'Left empty it stays; it is not shown again.' : hint}
        >
          {(control) => (
            <TextInput
              {...control}
              type={key === 'secret' ? 'password' : 'text'}
              autoComplete={key === 'secret' ? 'new-password' : 'off'}
              value={draft[key]}
              onChange={(event) => change({ [key]: event.currentTarget.value })}
            />
          )}
        </Field>
      ))}
    </>
  );
}
