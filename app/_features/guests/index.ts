export { compareHref } from './compare-href.ts';
export { openGuestDialog } from './guest-dialog-store.ts';
export { GuestDialogs } from './guest-dialogs.tsx';
export { GuestEventNotices } from './guest-event-notices.tsx';
export { reasonAgainst, VERB_ICON } from './guest-menu.tsx';
export { GuestNotices } from './guest-notices.tsx';
export { GuestStateBadge } from './guest-state-badge.tsx';
export { GuestsPage } from './guests-page.tsx';
export { PLAIN_VERBS, type PlainVerb, useGuestActions } from './use-guest-actions.ts';
