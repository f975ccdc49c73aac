/** Keys to press, such as `Ctrl K` or `g h`; each is drawn as its own cap. */
export function Kbd({ keys }: { keys: string }) {
  const caps = keys.split(' ');
  return (
    <span className="inline-flex gap-0.5">
      {caps.map((cap, index) => (
        <kbd
          key={caps.slice(0, index + 1).join(' ')}
          className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-current/25 px-1 font-sans text-xs leading-none opacity-80"
        >
          {cap}
        </kbd>
      ))}
    </span>
  );
}
