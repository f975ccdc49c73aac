import { Icon } from '../../_ui/index.ts';

/** An error that belongs to no field. */
export function FormError({ message }: { message: string | null | undefined }) {
  if (!message) return null;
  return (
    <p role="alert" className="flex items-start gap-2 rounded-md bg-bad-soft px-3 py-2 text-bad text-sm">
      <Icon name="warning" className="mt-0.5" />
      <span className="wrap-anywhere min-w-0">{message}</span>
    </p>
  );
}
