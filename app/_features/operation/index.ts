export { OperationList } from './operation-list.tsx';
export { OperationPage } from './operation-page.tsx';
export { OperationsPage } from './operations-page.tsx';
