import type { CommandEntry } from './command.ts';

/** The commands about people and how they sign in, by their words. */
export const PEOPLE_COMMANDS: Readonly<Record<string, CommandEntry>> = {
  'admin link': {
    summary: 'make a one-time link that sets up an admin',
    load: async () => (await import('./admin-link.ts')).adminLink,
  },
  'admin privileged': {
    summary: 'let a user make privileged guests, or not any more',
    load: async () => (await import('./admin-privileged.ts')).adminPrivileged,
  },
  'user ls': {
    summary: 'list the users, their roles and where they are signed in',
    aliases: ['list'],
    load: async () => (await import('./user-ls.ts')).userLs,
  },
  'user invite': {
    summary: 'make a one-time link with which somebody becomes a user',
    load: async () => (await import('./user-links.ts')).userInvite,
  },
  'user create': {
    summary: 'make a user, and a link with which they set their password',
    aliases: ['new', 'add'],
    load: async () => (await import('./user-links.ts')).userCreate,
  },
  'user reset': {
    summary: 'make a one-time link that sets another password of a user',
    load: async () => (await import('./user-links.ts')).userReset,
  },
  'user grant': {
    summary: 'give a user a role, everywhere, for a project or for one guest',
    load: async () => (await import('./user-actions.ts')).userGrant,
  },
  'user take': {
    summary: 'take a role away from a user, who is signed out',
    load: async () => (await import('./user-actions.ts')).userTake,
  },
  'user sessions': {
    summary: 'list where a user is signed in',
    load: async () => (await import('./user-ls.ts')).userSessions,
  },
  'user revoke': {
    summary: 'sign a user out: pages and terminals end within a second',
    load: async () => (await import('./user-actions.ts')).userRevoke,
  },
  'user disable': {
    summary: 'sign a user out and let them sign in no more',
    load: async () => (await import('./user-actions.ts')).userDisable,
  },
  'user enable': {
    summary: 'let a disabled user sign in again',
    load: async () => (await import('./user-actions.ts')).userEnable,
  },
  'user forget-device': {
    summary: 'let a user who has lost the device for codes sign in without one',
    load: async () => (await import('./user-actions.ts')).userForgetDevice,
  },
  'user rm': {
    summary: 'delete a user; what they made stays',
    aliases: ['delete', 'remove'],
    load: async () => (await import('./user-actions.ts')).userRm,
  },
  'user mail': {
    summary: 'say which mail address is a user’s, for signing in with a provider',
    load: async () => (await import('./oidc-verbs.ts')).userMail,
  },
  'oidc ls': {
    summary: 'list the providers of OpenID Connect that people sign in with',
    aliases: ['list'],
    load: async () => (await import('./oidc-verbs.ts')).oidcLs,
  },
  'oidc set': {
    summary: 'set a provider up, or change it',
    aliases: ['create', 'add'],
    load: async () => (await import('./oidc-verbs.ts')).oidcSet,
  },
  'oidc rm': {
    summary: 'let nobody sign in with a provider any more',
    aliases: ['delete', 'remove'],
    load: async () => (await import('./oidc-verbs.ts')).oidcRm,
  },
};
