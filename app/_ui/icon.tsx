import { cx } from './cx.ts';

/** Strokes on a 16-pixel grid, drawn for this product. */
const PATHS = {
  box: 'M2.5 5 8 2l5.5 3v6L8 14l-5.5-3zM2.5 5 8 8l5.5-3M8 8v6',
  layers: 'M8 2 14 5 8 8 2 5zM2 8l6 3 6-3M2 11l6 3 6-3',
  folder: 'M2 4h4.5L8 5.5h6v7.5H2zM2 7.5h12',
  drive:
    'M8 2c3 0 5 .9 5 2v8c0 1.1-2 2-5 2s-5-.9-5-2V4c0-1.1 2-2 5-2M3 4c0 1.1 2 2 5 2s5-.9 5-2M3 8c0 1.1 2 2 5 2s5-.9 5-2',
  bell: 'M8 2a4 4 0 0 1 4 4c0 3.5 1.5 4.5 1.5 5.5h-11C2.5 10.5 4 9.5 4 6a4 4 0 0 1 4-4M6.5 13.5h3',
  pulse: 'M1.5 8H5l2-5 2.5 10L11.5 8h3',
  server: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.5 10.5l3 3',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  close: 'm4 4 8 8M12 4l-8 8',
  check: 'm3 8.5 3.5 3.5L13 5',
  play: 'M5 3v10l8-5z',
  stop: 'M4 4h8v8H4z',
  restart: 'M13 8a5 5 0 1 1-1.5-3.5L13 6M13 2.5V6H9.5',
  snow: 'M8 2v12M2.8 5l10.4 6M13.2 5 2.8 11',
  sun: 'M8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5',
  display: 'M2 3h12v8H2zM6 13.5h4M8 11v2.5',
  terminal: 'M2 3h12v10H2zM4.5 6l2 2-2 2M8.5 10H11',
  trash: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5 5 13h6l.5-8.5M7 7v3.5M9 7v3.5',
  pencil: 'm3 13 .5-3L11 2.5 13.5 5 6 12.5z',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  link: 'M6.5 9.5l3-3M7 5l1.5-1.5a2.8 2.8 0 0 1 4 4L11 9M9 11l-1.5 1.5a2.8 2.8 0 0 1-4-4L5 7',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  up: 'm4 10 4-4 4 4',
  down: 'm4 6 4 4 4-4',
  download: 'M8 2.5v8M4.5 7 8 10.5 11.5 7M3 13.5h10',
  left: 'm10 4-4 4 4 4',
  right: 'm6 4 4 4-4 4',
  user: 'M8 2.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M3 13.5c.5-3 2.5-4 5-4s4.5 1 5 4',
  leave: 'M6 2.5H3v11h3M7 8h6.5M11 5.5 13.5 8 11 10.5',
  warning: 'M8 2.5 14.5 13.5h-13zM8 6.5V10M8 11.8v.01',
  info: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2M8 7.5V11M8 5v.01',
  done: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2M5.5 8l2 2 3.5-4',
  clock: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2M8 5v3l2 1.5',
  calendar: 'M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3',
  columns: 'M2.5 3h11v10h-11zM6 3v10M10 3v10',
  rows: 'M2.5 3.5h11M2.5 8h11M2.5 12.5h11',
  sort: 'M2.5 4h11M2.5 8h7M2.5 12h3.5',
  menu: 'M2 4h12M2 8h12M2 12h12',
  unplugged: 'M2 2l12 12M5 8a3 3 0 0 0 4 3M6.5 5H8a3 3 0 0 1 3 3v1.5M11 4h1a2.5 2.5 0 0 1 2 3.5',
  undo: 'M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M5.5 4 3 6.5 5.5 9',
  dot: 'M8 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7',
  busy: 'M8 2a6 6 0 1 1-6 6',
  help: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2M6.2 6.3a1.9 1.9 0 1 1 2.6 1.8c-.6.2-.8.6-.8 1.1M8 11.3v.01',
  chip: 'M4.5 4.5h7v7h-7zM6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14',
  first: 'M3 3h10M4 9.5l4-4 4 4M8 5.5V14',
  last: 'M3 13h10M4 6.5l4 4 4-4M8 10.5V2',
  gear: 'M2 4.5h6M11 4.5h3M9.5 3v3M2 8h2M7 8h7M5.5 6.5v3M2 11.5h7M12 11.5h2M10.5 10v3',
  'split-right': 'M2 3h12v10H2zM8 3v10',
  'split-down': 'M2 3h12v10H2zM2 8h12',
  maximise: 'M2 3h12v10H2zM2 5.5h12',
  detach: 'M7 3H3v10h10V9M9.5 2.5h4v4M13.5 2.5 7.5 8.5',
  broadcast:
    'M8 6.8a1.2 1.2 0 1 1 0 2.4 1.2 1.2 0 0 1 0-2.4M5.2 10.8a4 4 0 0 1 0-5.6M10.8 5.2a4 4 0 0 1 0 5.6M3.1 12.9a7 7 0 0 1 0-9.8M12.9 3.1a7 7 0 0 1 0 9.8',
  expand: 'M9.5 2.5h4v4M6.5 13.5h-4v-4M13.5 2.5 9 7M2.5 13.5 7 9',
} as const;

export type IconName = keyof typeof PATHS;

const FILLED: ReadonlySet<IconName> = new Set(['dot', 'stop', 'play']);

export interface IconProps {
  name: IconName;
  /** Pixels, 16 unless told. */
  size?: number;
  className?: string;
  /** Only where no word says the same. */
  label?: string;
}

/** A small line drawing; hidden from assistive technology unless it has a label. */
export function Icon({ name, size = 16, className, label }: IconProps) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      className={cx('shrink-0', name === 'busy' && 'animate-busy', className)}
      fill={FILLED.has(name) ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.4 : FILLED.has(name) ? 0 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
