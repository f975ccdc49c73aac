import { postAuth, type SignInProblem } from './post-auth.ts';

/** Sign in with a name and a password, and the code of a device where there is one. Resolves to null, or to what is wrong. */
export async function signIn(
  username: string,
  password: string,
  code?: string,
): Promise<SignInProblem | null> {
  const done = await postAuth('sign-in/username', { username, password, ...(code ? { code } : {}) });
  return 'problem' in done ? done.problem : null;
}
