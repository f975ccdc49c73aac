/** What is used now, of how much, and how much is left. */
export function UsedOf(props: {
  used: number | null;
  limit: number;
  format: (value: number) => string;
  unit?: string;
}) {
  const { used, limit, format, unit } = props;
  const suffix = unit ? ` ${limit === 1 ? unit.replace(/s$/, '') : unit}` : '';
  if (used === null) return <>– of {format(limit) + suffix}</>;
  return (
    <>
      <strong className="font-medium text-ink">{format(used)}</strong> of {format(limit) + suffix}
      <span className="max-sm:hidden"> · {format(Math.max(0, limit - used))} left</span>
    </>
  );
}
