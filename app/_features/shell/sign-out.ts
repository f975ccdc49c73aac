/** End the session of this browser. Throws when the server did not do it. */
export async function signOut(): Promise<void> {
  const answer = await fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-berth': '1' },
    body: '{}',
  });
  if (!answer.ok) throw new Error(`the server answered ${answer.status} to the sign-out`);
}
