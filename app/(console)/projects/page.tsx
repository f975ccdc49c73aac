import type { Metadata } from 'next';
import { ProjectsPage } from '../../_features/projects/index.ts';

export const metadata: Metadata = { title: 'Projects' };

export default function Page() {
  return <ProjectsPage />;
}
