import type { GuestKind } from '../../../server/guest/schema.ts';

const KINDS: { value: GuestKind; label: string; detail: string }[] = [
  { value: 'system', label: 'System', detail: 'a whole Linux with its own init' },
  { value: 'application', label: 'Application', detail: 'one daemon with minimal privileges' },
];

/** Which of the two kinds a new guest is to be. */
export function KindField(props: {
  value: GuestKind;
  error: string | null;
  onChange: (kind: GuestKind) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium text-sm">Kind</legend>
      <div className="grid grid-cols-2 gap-2 max-[420px]:grid-cols-1">
        {KINDS.map(({ value, label, detail }) => (
          <label
            key={value}
            className="flex cursor-pointer items-start gap-2 rounded-md border border-line-strong px-3 py-2 hover:border-line-strong has-checked:border-accent has-checked:bg-selected has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="kind"
              value={value}
              checked={props.value === value}
              onChange={() => props.onChange(value)}
              className="mt-0.75 accent-accent"
            />
            <span className="flex flex-col">
              <span className="font-medium text-sm">{label}</span>
              <span className="text-muted text-xs">{detail}</span>
            </span>
          </label>
        ))}
      </div>
      {props.error && (
        <p role="alert" className="text-bad text-sm">
          {props.error}
        </p>
      )}
    </fieldset>
  );
}
