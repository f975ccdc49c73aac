import type { MapGuest, Party, Reach } from '../../../server/network/reach-schema.ts';
import { Badge, type Tone } from '../../_ui/index.ts';

const PARTY_NAME: Readonly<Record<Party, string>> = {
  guests: 'guests on the bridge',
  host: 'the host',
  outside: 'the outside',
  other: 'guests of another Berth',
};
const VERDICT_TONE: Readonly<Record<Reach['verdict'], Tone>> = {
  allowed: 'ok',
  refused: 'bad',
  dropped: 'bad',
};

/** Who can reach whom in words: all that the drawing says, for who reads it or has it read out. */
export function ReachTable(props: {
  reaches: readonly Reach[];
  /** The guest that it is about, and what it counts as. */
  self: { guest: MapGuest; party: Party } | null;
}) {
  const { reaches, self } = props;
  const name = (party: Party) => (party === self?.party ? self.guest.name : PARTY_NAME[party]);
  const whom = ({ from, to }: Reach) => (self && from === to ? `other ${PARTY_NAME[to]}` : name(to));
  return (
    <table className="w-full text-left text-sm max-sm:block">
      <caption className="pb-2 text-left font-medium text-base max-sm:block">
        {self ? `Who ${self.guest.name} reaches, and who reaches it` : 'Who reaches whom'}
      </caption>
      <thead className="text-muted text-xs max-sm:sr-only">
        <tr>
          {['from', 'to', 'ports', 'new connections', 'because'].map((head) => (
            <th key={head} scope="col" className="py-1 pr-4 font-normal">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-sm:block">
        {reaches.map((reach) => (
          <tr
            key={`${reach.from} ${reach.to} ${reach.ports}`}
            className="border-line border-t align-top max-sm:flex max-sm:flex-wrap max-sm:items-baseline max-sm:gap-x-2 max-sm:py-2"
          >
            <th scope="row" className="py-2 pr-4 font-medium max-sm:p-0">
              {name(reach.from)}
            </th>
            <td className="py-2 pr-4 max-sm:p-0 max-sm:before:content-['to_']">{whom(reach)}</td>
            <td className="whitespace-nowrap py-2 pr-4 max-sm:p-0 max-sm:text-muted">{reach.ports}</td>
            <td className="py-2 pr-4 max-sm:p-0">
              <Badge plain tone={VERDICT_TONE[reach.verdict]}>
                {reach.verdict}
              </Badge>
            </td>
            <td className="py-2 max-sm:w-full max-sm:p-0">
              {reach.because}
              {reach.rule && <code className="wrap-anywhere block text-muted text-xs">{reach.rule}</code>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
