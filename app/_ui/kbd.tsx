/** Keys to press, such as `Ctrl K` or `g h`; each is drawn as its own cap. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="inline-flex gap-0.5">
      {keys.split(' ').map((key) => (
        <kbd
          key={key}
          className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-current/25 px-1 font-sans text-xs leading-none opacity-80"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
