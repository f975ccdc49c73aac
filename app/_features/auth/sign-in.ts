/** What is wrong, for a person; `code`: one of a device is asked for, or was wrong. */
export interface SignInProblem {
  message: string;
  code: boolean;
}

/** Sign in with a name and a password, and the code of a device where there is one. Resolves to null, or to what is wrong. */
export async function signIn(
  username: string,
  password: string,
  code?: string,
): Promise<SignInProblem | null> {
  const problem = (message: string): SignInProblem => ({ message, code: false });
  let answer: Response;
  try {
    answer = await fetch('/api/auth/sign-in/username', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-berth': '1' },
      body: JSON.stringify({ username, password, ...(code ? { code } : {}) }),
    });
  } catch {
    return problem('the server cannot be reached: check that it runs, then try again');
  }
  if (answer.ok) return null;
  const body: unknown = await answer.json().catch(() => null);
  if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string') {
    const field = 'field' in body && Array.isArray(body.field) ? body.field[0] : null;
    return { message: body.message, code: field === 'code' };
  }
  return problem(`the server could not answer (${answer.status}): try again in a moment`);
}
