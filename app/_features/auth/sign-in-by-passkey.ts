import { type PublicKeyCredentialRequestOptionsJSON, startAuthentication } from '@simplewebauthn/browser';
import { postAuth, type SignInProblem } from './post-auth.ts';

/** Sign in with a passkey of the device that one has here. Resolves to null, or to what is wrong. */
export async function signInByPasskey(): Promise<SignInProblem | null> {
  const begun = await postAuth('passkey/begin', {});
  if ('problem' in begun) return begun.problem;
  try {
    const optionsJSON = begun.answer as PublicKeyCredentialRequestOptionsJSON;
    const done = await postAuth('sign-in/passkey', { response: await startAuthentication({ optionsJSON }) });
    return 'problem' in done ? done.problem : null;
  } catch (error) {
    const isRefused = error instanceof Error && error.name === 'NotAllowedError';
    const message = isRefused
      ? 'the device gave no passkey: it has none for here, or it was cancelled'
      : `the device gave no passkey: ${error instanceof Error ? error.message : String(error)}`;
    return { message, code: false };
  }
}
