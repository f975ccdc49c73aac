export { VolumesPage } from './volumes-page.tsx';
