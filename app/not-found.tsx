import { ButtonLink } from './_ui/button.tsx';
import { EmptyState } from './_ui/empty-state.tsx';

export default function NotFound() {
  return (
    <EmptyState title="There is no such page" action={<ButtonLink href="/guests">To the guests</ButtonLink>}>
      The address leads nowhere. What it named may have been renamed or deleted.
    </EmptyState>
  );
}
