export { OperationsPage as default } from '../../_features/operation/index.ts';
