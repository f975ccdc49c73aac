export { compareHref } from './compare-href.ts';
export { openGuestDialog } from './guest-dialog-store.ts';
export { GuestDialogs } from './guest-dialogs.tsx';
export { reasonAgainst, VERB_ICON } from './guest-menu.tsx';
export { GuestStateBadge } from './guest-state-badge.tsx';
export { GuestsPage } from './guests-page.tsx';
export { PLAIN_VERBS, type PlainVerb, useGuestActions } from './use-guest-actions.ts';
