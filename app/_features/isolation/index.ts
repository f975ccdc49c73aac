export { ComparePage } from './compare-page.tsx';
export { IsolationPage } from './isolation-page.tsx';
