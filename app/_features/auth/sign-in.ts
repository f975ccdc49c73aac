/** Sign in with a name and a password. Resolves to null, or to what is wrong, for a person. */
export async function signIn(username: string, password: string): Promise<string | null> {
  let answer: Response;
  try {
    answer = await fetch('/api/auth/sign-in/username', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-berth': '1' },
      body: JSON.stringify({ username, password }),
    });
  } catch {
    return 'the server cannot be reached: check that it runs, then try again';
  }
  if (answer.ok) return null;
  const body: unknown = await answer.json().catch(() => null);
  if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string') {
    return body.message;
  }
  return `the server could not answer (${answer.status}): try again in a moment`;
}
