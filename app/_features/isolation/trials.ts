import type { ProbeReport, WallTrialView } from '../../../server/guest/probe-schema.ts';

/** What a wall is that did not hold as it does by default: a setting, or null for what no setting opens. */
export interface OpenedWalls {
  setting: string | null;
  trials: WallTrialView[];
}

/** What is open that no setting opens, then what each setting opens, the one that opens most first. Pure. */
export function openedWalls({ trials }: Pick<ProbeReport, 'trials'>): OpenedWalls[] {
  const bySetting = new Map<string | null, WallTrialView[]>();
  for (const trial of trials) {
    if (trial.state !== 'open' && trial.state !== 'weakened') continue;
    const settings = trial.settings.length > 0 ? trial.settings : [null];
    for (const setting of settings) bySetting.set(setting, [...(bySetting.get(setting) ?? []), trial]);
  }
  return [...bySetting]
    .map(([setting, found]) => ({ setting, trials: found }))
    .toSorted(
      (a, b) => Number(a.setting !== null) - Number(b.setting !== null) || b.trials.length - a.trials.length,
    );
}

/** What held, by what it is about, in the order of the list of probes. Pure. */
export function heldWalls({
  trials,
}: Pick<ProbeReport, 'trials'>): { group: string; trials: WallTrialView[] }[] {
  const groups = Map.groupBy(
    trials.filter(({ state }) => state === 'held'),
    ({ group }) => group,
  );
  return [...groups].map(([group, found]) => ({ group, trials: found }));
}

/** `402 held, 3 weakened, 9 not tried`. Pure. */
export function summaryOf({ counts }: Pick<ProbeReport, 'counts'>): string {
  return [
    ...(counts.open > 0 ? [`${counts.open} open`] : []),
    ...(counts.weakened > 0 ? [`${counts.weakened} weakened`] : []),
    `${counts.held} held`,
    ...(counts.untried > 0 ? [`${counts.untried} not tried`] : []),
  ].join(', ');
}
