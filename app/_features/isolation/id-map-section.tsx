import type { IsolationView } from '../../../server/isolation/schema.ts';
import { sameValue } from '../settings/index.ts';
import { type IdRange, layoutIdMap } from './id-map-layout.ts';
import { Exact, FactTable, Section } from './section.tsx';

/** More bands than that say nothing; the table has all. */
const MOST_BANDS = 16;
const WIDTH = 480;
const BAR = 18;
const MIDDLE = 34;

/** Which ids of the host the guest's users and groups are. */
export function IdMapSection({ live }: { live: NonNullable<IsolationView['live']> }) {
  const { uidMap, gidMap } = live;
  const same = sameValue(uidMap, gidMap);
  const maps = same
    ? [{ title: 'Users and groups', map: uidMap }]
    : [
        { title: 'Users', map: uidMap },
        { title: 'Groups', map: gidMap },
      ];
  return (
    <Section title="Id map" aside={isHost(uidMap) ? 'ids of the host themselves' : null}>
      {maps.map(({ title, map }) => (
        <div key={title} className="flex flex-col gap-1 pt-2">
          {!same && <h3 className="text-sm">{title}</h3>}
          <Drawing title={title} map={map.slice(0, MOST_BANDS)} />
          <FactTable
            label={`id map of ${title.toLowerCase()}`}
            columns={['In the guest', 'On the host', 'Ids']}
            rows={map.map(({ inside, outside, count }) => ({
              key: `${inside}`,
              cells: [
                <Exact key="inside">{span(inside, count)}</Exact>,
                <Exact key="outside">{span(outside, count)}</Exact>,
                count.toLocaleString('en'),
              ],
            }))}
          />
        </div>
      ))}
    </Section>
  );
}

/** Two rulers, the guest's above the host's, and a band for each range. Widths are not to scale. */
function Drawing({ title, map }: { title: string; map: readonly IdRange[] }) {
  const bands = layoutIdMap(map);
  const bottom = BAR + MIDDLE;
  return (
    <figure className="flex flex-col gap-1">
      <div className="flex justify-between text-muted text-xs">
        <span>in the guest</span>
        <span>not to scale</span>
      </div>
      <svg
        viewBox={`0 0 ${WIDTH} ${bottom + BAR}`}
        role="img"
        aria-label={`${title}: ${map.map(({ inside, outside, count }) => `${span(inside, count)} in the guest are ${span(outside, count)} on the host`).join('; ')}`}
        className="h-auto w-full max-w-xl"
        preserveAspectRatio="none"
      >
        {bands.map(({ range, inside, outside }) => {
          const [a, b, c, d] = [inside[0], inside[1], outside[0], outside[1]].map((x) => x * WIDTH);
          return (
            <g key={range.inside}>
              <path
                d={`M${a} ${BAR}L${b} ${BAR}L${d} ${bottom}L${c} ${bottom}Z`}
                className="fill-accent opacity-15"
              />
              <rect
                x={a}
                width={(b ?? 0) - (a ?? 0)}
                y={0}
                height={BAR}
                rx={2}
                className="fill-accent opacity-80"
              />
              <rect
                x={c}
                width={(d ?? 0) - (c ?? 0)}
                y={bottom}
                height={BAR}
                rx={2}
                className={isHost([range]) ? 'fill-wait' : 'fill-muted'}
              />
            </g>
          );
        })}
      </svg>
      <span className="text-muted text-xs">on the host</span>
    </figure>
  );
}

function span(first: number, count: number): string {
  return count === 1 ? `${first}` : `${first} to ${first + count - 1}`;
}

/** Whether its root is the host's. */
function isHost(map: readonly IdRange[]): boolean {
  return map.some(({ inside, outside }) => inside === 0 && outside === 0);
}
