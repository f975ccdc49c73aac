export { OperationPage as default } from '../../../_features/operation/index.ts';
