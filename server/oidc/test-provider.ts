import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** Who somebody is at the provider. */
export interface TestAccount {
  sub: string;
  email: string;
  email_verified: boolean;
}

/** A real provider of OpenID Connect on this machine, which asks nobody anything. */
export interface TestProvider extends AsyncDisposable {
  issuer: string;
  client: { id: string; secret: string };
  /** Who is at its page from now on; null: somebody who cancels. */
  who: TestAccount | null;
}

/** Start one that sends people back to `redirectUri`. */
export async function startTestProvider(redirectUri: string): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { id: 'berth', secret: 'a secret that only the two know' };
  const accounts = new Map<string, TestAccount>();
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ['of this test'] },
    pkce: { required: () => true },
    ttl: { AccessToken: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    findAccount: (_, accountId) => {
      const account = accounts.get(accountId);
      return account && { accountId, claims: () => ({ ...account }) };
    },
  });
  const test: TestProvider = {
    issuer,
    client,
    who: null,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const interact = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    const { who } = test;
    if (who === null)
      return provider.interactionFinished(request, response, {
        ...{ error: 'access_denied', error_description: 'they have cancelled' },
      });
    accounts.set(who.sub, who);
    if (prompt.name === 'login')
      return provider.interactionFinished(request, response, { login: { accountId: who.sub } });
    const grant = new provider.Grant({
      ...{ accountId: session?.accountId ?? who.sub, clientId: String(params.client_id) },
    });
    grant.addOIDCScope('openid email profile');
    const consent = { grantId: await grant.save() };
    return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
  };
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
    interact(request, response).catch((error: unknown) => {
      response.writeHead(500);
      response.end(String(error));
    });
  });
  return test;
}
