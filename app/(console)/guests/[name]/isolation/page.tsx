export { IsolationPage as default } from '../../../../_features/isolation/index.ts';
