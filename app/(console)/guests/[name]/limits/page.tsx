export { LimitsPage as default } from '../../../../_features/limits/index.ts';
