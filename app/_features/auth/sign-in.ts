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
  if (answer.status === 429) {
    const wait = Number(answer.headers.get('x-retry-after') ?? answer.headers.get('retry-after'));
    return `too many attempts: wait ${wait > 0 ? `${wait} seconds` : 'a minute'}, then try again`;
  }
  if (answer.status >= 500) return `the server could not answer (${answer.status}): try again in a moment`;
  return 'the name or the password is wrong';
}
