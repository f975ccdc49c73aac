export { GuestLayout as default } from '../../../_features/guest-page/index.ts';
