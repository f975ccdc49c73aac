export { ConfigurationPage as default } from '../../../../_features/guest-page/index.ts';
