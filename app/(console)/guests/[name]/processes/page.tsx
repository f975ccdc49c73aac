export { ProcessesPage as default } from '../../../../_features/processes/index.ts';
