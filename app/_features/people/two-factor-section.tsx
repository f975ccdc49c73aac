'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, CommandLine, Field, notify, TextInput } from '../../_ui/index.ts';
import { QrCode } from './qr-code.tsx';

type Step =
  | { step: 'none' }
  | { step: 'password'; next: 'begin' | 'end' | 'codes' }
  | { step: 'device'; uri: string; secret: string; codes: string[] }
  | { step: 'codes'; codes: string[] };

/** A device that makes codes (TOTP) as a second thing to sign in with, and codes for who loses it. */
export function TwoFactorSection() {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const state = useQuery(trpc.account.twoFactor.queryOptions(undefined, { refetchOnMount: 'always' }));
  const [at, setAt] = useState<Step>({ step: 'none' });
  const on = state.data?.on ?? false;

  const withPassword = async (password: string, next: 'begin' | 'end' | 'codes') => {
    if (next === 'begin') {
      const { uri, secret, recoveryCodes } = await api.account.beginTwoFactor.mutate({ password });
      setAt({ step: 'device', uri, secret, codes: recoveryCodes });
    } else if (next === 'codes') {
      const { recoveryCodes } = await api.account.newRecoveryCodes.mutate({ password });
      setAt({ step: 'codes', codes: recoveryCodes });
    } else {
      await api.account.endTwoFactor.mutate({ password });
      notify({ title: 'you sign in without a code' });
      setAt({ step: 'none' });
      await state.refetch();
    }
  };
  const confirm = async (code: string) => {
    await api.account.confirmTwoFactor.mutate({ code });
    notify({ title: 'from now on you sign in with a code too' });
    setAt({ step: 'none' });
    await state.refetch();
  };
  return (
    <section aria-label="Second factor">
      <h2 className="mb-1 font-semibold text-lg">Second factor</h2>
      <p className="mb-4 text-muted text-sm">
        {on
          ? 'You sign in with your password and a code of your device.'
          : 'An app on a telephone makes codes (TOTP); with it, a password alone opens nothing.'}
      </p>
      {at.step === 'none' && (
        <div className="flex flex-wrap gap-2">
          {on ? (
            <>
              <Button onClick={() => setAt({ step: 'password', next: 'codes' })}>New recovery codes</Button>
              <Button onClick={() => setAt({ step: 'password', next: 'end' })}>Do without</Button>
            </>
          ) : (
            <Button onClick={() => setAt({ step: 'password', next: 'begin' })}>Set up a device</Button>
          )}
        </div>
      )}
      {at.step === 'password' && (
        <OneField
          label="Password now"
          password
          action="Go on"
          onSend={(text) => withPassword(text, at.next)}
          onCancel={() => setAt({ step: 'none' })}
        />
      )}
      {at.step === 'device' && (
        <div className="flex max-w-lg flex-col gap-4">
          <p className="text-sm">
            Take a picture of this with the app, type the secret into it, or{' '}
            <a href={at.uri} className="text-accent underline">
              open it there
            </a>
            ; then give the code that it shows.
          </p>
          <QrCode text={at.uri} label="The secret as a QR code" />
          <CommandLine label="Secret" text={at.secret} />
          <RecoveryCodes codes={at.codes} />
          <OneField
            label="Code"
            action="Use the device"
            onSend={confirm}
            onCancel={() => setAt({ step: 'none' })}
          />
        </div>
      )}
      {at.step === 'codes' && (
        <div className="flex max-w-lg flex-col gap-4">
          <RecoveryCodes codes={at.codes} />
          <div>
            <Button onClick={() => setAt({ step: 'none' })}>Done</Button>
          </div>
        </div>
      )}
    </section>
  );
}

function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="text-muted text-sm">
        Recovery codes, each good for one sign-in without the device. Keep them elsewhere: they are not shown
        again.
      </p>
      <CommandLine label="Recovery codes" text={codes.join(' ')} />
    </div>
  );
}

function OneField(props: {
  label: string;
  password?: boolean;
  action: string;
  onSend: (text: string) => Promise<void>;
  onCancel: () => void;
}) {
  const { label, password, action, onSend, onCancel } = props;
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      await onSend(text.trim());
    } catch (error) {
      setProblem(toApiError(error).message);
    }
    setBusy(false);
  };
  return (
    <form onSubmit={submit} className="flex max-w-sm flex-col gap-3" noValidate>
      <Field label={label} error={problem}>
        {(control) => (
          <TextInput
            {...control}
            mono={!password}
            type={password ? 'password' : 'text'}
            autoComplete={password ? 'current-password' : 'one-time-code'}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      <div className="flex gap-2">
        <Button
          look="primary"
          type="submit"
          busy={busy}
          disabledReason={text === '' ? 'type it first' : null}
        >
          {action}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  );
}
