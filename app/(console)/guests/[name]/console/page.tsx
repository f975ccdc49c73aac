export { GuestConsolePage as default } from '../../../../_features/guest-page/index.ts';
