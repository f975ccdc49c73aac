export interface SparklineProps {
  /** Oldest first; null where nothing is known. */
  values: readonly (number | null)[];
  /** Top of the scale: the limit, so that a full line means full. Omitted: the largest value. */
  max?: number;
  /** How many samples the whole width stands for. */
  samples?: number;
  width?: number;
  height?: number;
  className?: string;
}

/** The points of a sparkline: the newest at the right edge, gaps where nothing is known. */
export function sparklinePath(
  props: Required<Pick<SparklineProps, 'values' | 'max' | 'samples' | 'width' | 'height'>>,
): string {
  const { values, max, samples, width, height } = props;
  const stepX = width / Math.max(1, samples - 1);
  const from = width - (values.length - 1) * stepX;
  let pen = 'M';
  let path = '';
  values.forEach((value, index) => {
    if (value === null) {
      pen = 'M';
      return;
    }
    const share = Math.min(1, Math.max(0, max > 0 ? value / max : 0));
    path += `${pen}${(from + index * stepX).toFixed(1)} ${(height - 1 - share * (height - 2)).toFixed(1)}`;
    pen = 'L';
  });
  return path;
}

/** The course of a number over the last minute, beside the number itself. */
export function Sparkline({ values, max, samples = 60, width = 48, height = 16, className }: SparklineProps) {
  const top = max ?? Math.max(0, ...values.map((value) => value ?? 0));
  return (
    <svg
      aria-hidden="true"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className={className ?? 'shrink-0 text-muted'}
    >
      <path
        d={sparklinePath({ values, max: top, samples, width, height })}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.25}
        strokeLinejoin="round"
      />
    </svg>
  );
}
