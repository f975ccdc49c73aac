import type { ProbeReport, WallTrialView } from '../guest/probe-schema.ts';
import { harmless } from './clean-text.ts';
import type { CommandSpec } from './command.ts';
import { withNearestGuest } from './find-guest.ts';
import type { Paint } from './paint.ts';
import { formatTable } from './table.ts';

/** `berth guest probe`: exit status 0 when every wall held that could be tried. */
export const guestProbe: CommandSpec = {
  usage: 'GUEST [--all]',
  about: `Tries from inside a running guest what its walls are there to refuse, and tells what held, what is weakened and by
which setting, and what could not be tried here. Nothing comes of what is not refused. --all shows each thing that was
tried; --json has them always. Ends with 1 when a wall is weakened or open.`,
  options: { all: { type: 'boolean', help: 'also what held' } },
  names: { min: 1, max: 1, what: 'the name of a guest' },
  async run({ api: connect, flag, json, names, out }) {
    const guest = names[0] ?? '';
    const api = await connect();
    const report = await api.mutate('guest', 'probe', { guest }).catch(async (error) => {
      throw await withNearestGuest(api, guest, error);
    });
    if (json) out.json(report);
    else out.line(probeText(report, { all: flag('all'), paint: out.paint }));
    return report.counts.open + report.counts.weakened > 0 ? 1 : 0;
  },
};

const COLOURS = { open: 'red', weakened: 'yellow', untried: 'dim', held: 'green' } as const;

/** Pure. */
export function probeText(
  { counts, trials }: ProbeReport,
  { all, paint }: { all: boolean; paint: Paint },
): string {
  const shown = trials.filter(({ state }) => all || state === 'open' || state === 'weakened');
  const rows = shown.map((one) => [
    paint(COLOURS[one.state], one.state),
    one.title,
    answerOf(one),
    whyOf(one),
  ]);
  const table =
    rows.length === 0
      ? []
      : [
          formatTable(
            ['wall', 'to', 'answer', 'because of'].map((title) => ({ title })),
            rows,
          ),
          '',
        ];
  const parts = [
    `${counts.held} held`,
    ...(counts.weakened > 0 ? [paint('yellow', `${counts.weakened} weakened by settings`)] : []),
    ...(counts.open > 0 ? [paint('red', `${counts.open} open that no setting opens`)] : []),
    `${counts.untried} with nothing to try on this host`,
  ];
  return [...table, parts.join(', ')].join('\n');
}

function answerOf({ answer, expected }: WallTrialView): string {
  return answer === null || answer === expected ? expected : `${harmless(answer)}, not ${expected}`;
}

function whyOf({ settings, why }: WallTrialView): string {
  return [...settings, ...(why === null ? [] : [why])].map(harmless).join(', ');
}
