export { GuestRecordingsPage as default } from '../../../../_features/guest-page/index.ts';
