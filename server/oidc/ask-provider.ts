import type { Configuration } from 'openid-client';
import type { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { readClaims } from './claims.ts';

/** s that a provider may take for an answer. */
const PATIENCE = 10;

/** Loaded when the first person signs in with a provider. */
const library = () => import('openid-client');

export interface Provider {
  name: string;
  issuer: string;
  clientId: string;
  secret: string;
}

/** What has to be known again when the browser comes back. */
export interface Asked {
  state: string;
  nonce: string;
  verifier: string;
  redirectUri: string;
}

/** Who a provider says that it is. */
export type Claims = z.output<typeof readClaims>;

/** What the provider says of itself (OpenID Connect Discovery 1.0). Throws `unavailable`. */
async function discover({ name, issuer, clientId, secret }: Provider): Promise<Configuration> {
  const { allowInsecureRequests, discovery } = await library();
  // The schema lets plain http be of this machine alone.
  const execute = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
  try {
    return await discovery(new URL(issuer), clientId, secret, undefined, { execute, timeout: PATIENCE });
  } catch (cause) {
    const message = `${name} cannot be asked: ${issuer} does not answer as a provider of OpenID Connect`;
    throw new AppError('unavailable', message, { cause });
  }
}

/** Where the browser goes to sign in, with PKCE, state and nonce (RFC 9700, 2.1). Throws `unavailable`. */
export async function askProvider(
  provider: Provider,
  redirectUri: string,
): Promise<{ url: string; asked: Asked }> {
  const config = await discover(provider);
  const { buildAuthorizationUrl, calculatePKCECodeChallenge, ...random } = await library();
  const asked = {
    ...{ state: random.randomState(), nonce: random.randomNonce(), redirectUri },
    verifier: random.randomPKCECodeVerifier(),
  };
  const url = buildAuthorizationUrl(config, {
    ...{ redirect_uri: redirectUri, scope: 'openid email profile', state: asked.state, nonce: asked.nonce },
    ...{ code_challenge: await calculatePKCECodeChallenge(asked.verifier), code_challenge_method: 'S256' },
  });
  return { url: url.href, asked };
}

/**
 * Who came back with the browser, by its address: the code is exchanged for a signed statement that answers what was asked. Throws
 * `unavailable`, `unauthenticated` for anything else than that.
 */
export async function whoCame(provider: Provider, asked: Asked, query: string): Promise<Claims> {
  const config = await discover(provider);
  const { authorizationCodeGrant, fetchUserInfo } = await library();
  try {
    const tokens = await authorizationCodeGrant(config, new URL(`${asked.redirectUri}${query}`), {
      ...{ pkceCodeVerifier: asked.verifier, expectedState: asked.state, expectedNonce: asked.nonce },
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error('the provider has sent no statement');
    // Many tell the address only when they are asked for it.
    const isTold = claims.email !== undefined || config.serverMetadata().userinfo_endpoint === undefined;
    const more = isTold ? {} : await fetchUserInfo(config, tokens.access_token, claims.sub);
    return readClaims.parse({ ...more, ...claims });
  } catch (cause) {
    throw new AppError('unauthenticated', `${provider.name} has not said who that is`, { cause });
  }
}
