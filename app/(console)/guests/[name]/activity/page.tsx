export { ActivityPage as default } from '../../../../_features/guest-page/index.ts';
