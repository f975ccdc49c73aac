export { ProcessesPage } from './processes-page.tsx';
