import { postAuth, type SignInProblem } from './post-auth.ts';

/** Leave for a provider, which sends the browser back. Resolves to null while the page goes away, or to what is wrong. */
export async function goToProvider(provider: string, next: string): Promise<SignInProblem | null> {
  const begun = await postAuth('oidc/begin', { provider, next });
  if ('problem' in begun) return begun.problem;
  const { url } = begun.answer as { url: string };
  window.location.assign(url);
  return null;
}
