import type { WallTrial } from '../runtime/port.ts';
import type { WallState, WallTrialView } from './probe-schema.ts';
import type { GuestIsolation } from './schema.ts';

const ORDER: Record<WallState, number> = { open: 0, weakened: 1, untried: 2, held: 3 };

/** What became of each trial in a guest with these settings, what is open first. Pure. */
export function judgeTrials(trials: readonly WallTrial[], isolation: GuestIsolation): WallTrialView[] {
  return trials
    .map((trial) => judgeTrial(trial, isolation))
    .toSorted((a, b) => ORDER[a.state] - ORDER[b.state]);
}

function judgeTrial(trial: WallTrial, isolation: GuestIsolation): WallTrialView {
  const { id, group, title, cve, held, nothing, answer } = trial;
  const view = { id, group, title, cve: [...cve], answer, expected: held[0], settings: [], why: null };
  if (answer !== null && held.includes(answer)) return { ...view, state: 'held' };
  const settings = openedBy(trial, isolation);
  if (answer === null && isolation.seccomp.mode === 'log' && settings.includes('isolation.seccomp')) {
    const why = 'its filter lets it through and writes it down: it would be learnt';
    return { ...view, state: 'weakened', settings, why };
  }
  if (answer === null) return { ...view, state: 'untried', why: 'it did not answer in time' };
  if (nothing.includes(answer)) {
    return { ...view, state: 'untried', why: `this host has nothing there (${answer})` };
  }
  if (answer === 'cannot fork') {
    return { ...view, state: 'untried', why: 'the guest has no room for another process' };
  }
  return settings.length > 0 ? { ...view, state: 'weakened', settings } : { ...view, state: 'open' };
}

/** Settings of a guest that open what a trial tries. Pure. */
function openedBy({ opens }: Pick<WallTrial, 'opens'>, isolation: GuestIsolation): string[] {
  return [...new Set(opens.flatMap((what) => settingsOf(what, isolation)))];
}

/** `capability net_raw`: the kind of setting, and what of it. */
function settingsOf(what: string, isolation: GuestIsolation): string[] {
  const { namespaces, capabilities, seccomp, masked, readOnly, devices } = isolation;
  const [kind, name = ''] = what.split(' ');
  const when = (holds: boolean, setting: string) => (holds ? [`isolation.${setting}`] : []);
  switch (kind) {
    case 'seccomp':
      return when(seccomp.mode !== 'default', 'seccomp');
    case 'nesting':
      return when(isolation.nesting, 'nesting');
    case 'privileged':
      return [
        ...when(isolation.privileged, 'privileged'),
        ...when((namespaces.user ?? 'own') !== 'own', 'namespaces.user'),
      ];
    case 'capability':
      return when(capabilities.add.includes(name), 'capabilities.add');
    case 'masked':
      return when(masked.remove.includes(name), 'masked.remove');
    case 'read-only':
      return when(readOnly.remove.includes(name), 'readOnly.remove');
    case 'namespace':
      return when(sharedNamespaces(namespaces).includes(name), `namespaces.${name}`);
    case 'device':
      return when(
        devices.some(({ source, target }) => (target ?? source) === name),
        'devices',
      );
    default:
      return [];
  }
}

function sharedNamespaces(namespaces: GuestIsolation['namespaces']): string[] {
  return Object.entries(namespaces)
    .filter(([, owner]) => owner !== 'own')
    .map(([name]) => name);
}
