/** Loaded when somebody first uses a passkey: it takes most of a second and 25 MB. */
export const webauthn = () => import('@simplewebauthn/server');
