/** What is wrong, for a person; `code`: one of a device is asked for, or was wrong. */
export interface SignInProblem {
  message: string;
  code: boolean;
}

/** Ask one of the server's ways to sign in. Resolves to its answer, or to what is wrong; never rejects. */
export async function postAuth(
  path: string,
  body: unknown,
): Promise<{ answer: unknown } | { problem: SignInProblem }> {
  const failed = (message: string, code = false) => ({ problem: { message, code } });
  let answer: Response;
  try {
    answer = await fetch(`/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-berth': '1' },
      body: JSON.stringify(body),
    });
  } catch {
    return failed('the server cannot be reached: check that it runs, then try again');
  }
  const told: unknown = await answer.json().catch(() => null);
  if (answer.ok) return { answer: told };
  if (typeof told === 'object' && told !== null && 'message' in told && typeof told.message === 'string') {
    const field = 'field' in told && Array.isArray(told.field) ? told.field[0] : null;
    return failed(told.message, field === 'code');
  }
  return failed(`the server could not answer (${answer.status}): try again in a moment`);
}
