import { CAPABILITIES } from '../../../server/guest/capability-schema.ts';
import type { IsolationView, NamespaceView } from '../../../server/isolation/schema.ts';
import { plural } from '../../_ui/index.ts';
import { capabilityMeaning, flattenSettings, idRangeText } from '../settings/index.ts';
import type { IdRange } from './id-map-layout.ts';

/** One thing of two guests side by side. */
export interface ComparedRow {
  group: string;
  name: string;
  a: string;
  b: string;
  same: boolean;
  /** What it means, where the name does not say. */
  about?: string;
}

const NOTHING = '–';

type Facts = Map<string, { group: string; name: string; text: string; about?: string }>;

/** What the kernel and the settings say of two guests, thing by thing, in the order of the Isolation page. Pure. */
export function compareViews(a: IsolationView, b: IsolationView): ComparedRow[] {
  const [left, right] = [factsOf(a), factsOf(b)];
  const groups = [...new Set([...left.values(), ...right.values()].map(({ group }) => group))];
  const rows = [...new Set([...left.keys(), ...right.keys()])].flatMap((key): ComparedRow[] => {
    const one = left.get(key) ?? right.get(key);
    if (!one) return [];
    const [x, y] = [left.get(key)?.text ?? NOTHING, right.get(key)?.text ?? NOTHING];
    return [{ group: one.group, name: one.name, about: one.about, a: x, b: y, same: x === y }];
  });
  return groups.flatMap((group) => rows.filter((row) => row.group === group));
}

function factsOf(view: IsolationView): Facts {
  const facts: Facts = new Map();
  const put = (group: string, name: string, text: string, about?: string) =>
    facts.set(`${group} ${name}`, { group, name, text, about });
  put('Guest', 'kind', view.guest.kind);
  put('Guest', 'privileged', view.guest.privileged ? 'yes' : 'no');
  put('Guest', 'runs', view.live ? 'yes' : 'no');
  for (const { path, text } of flattenSettings({ isolation: view.settings }).values())
    put('Settings', path.replace(/^isolation\./, ''), text);
  if (view.live) putLive(view, view.live, put);
  return facts;
}

function putLive(
  view: IsolationView,
  live: NonNullable<IsolationView['live']>,
  put: (group: string, name: string, text: string, about?: string) => void,
): void {
  for (const namespace of live.namespaces) put('Namespaces', namespace.type, whose(namespace));
  put('Ids', 'users', idsText(view, live.uidMap));
  put('Ids', 'groups', idsText(view, live.gidMap));
  const { effective } = live.capabilities;
  for (const name of new Set([...CAPABILITIES, ...effective])) {
    const text = effective.includes(name) ? 'has it' : 'lacks it';
    put('Capabilities', name, text, capabilityMeaning(name));
  }
  const { mode, filters, profile } = live.seccomp;
  put('Walls', 'seccomp', mode === 'filter' ? `${plural(filters, 'filter')}, ${profile}` : mode);
  put('Walls', 'no_new_privs', live.noNewPrivs ? 'set' : 'not set');
  put('Walls', 'label', live.label ?? 'none');
  for (const { target, source, type, readOnly, propagation } of live.mounts)
    put(
      'Mounts',
      target,
      `${type} ${source.replaceAll(view.guest.id, '…')} ${readOnly ? 'ro' : 'rw'} ${propagation}`,
    );
  for (const { type, numbers, access, name } of live.devices)
    put('Devices', name ?? `${type} ${numbers}`, `${type} ${numbers} ${access}`);
  for (const { name, soft, hard } of live.rlimits) put('Resource limits', name, `${soft} of at most ${hard}`);
  for (const { name, value } of live.sysctls) put('Sysctls', name, value);
  for (const { controllers, version } of live.cgroup.hierarchies)
    put('Control groups', controllers.join(', ') || 'no controller', version);
}

/** Every guest's own range is another one: that alone is no difference. */
function idsText({ settings, guest }: IsolationView, map: readonly IdRange[]): string {
  const [first] = map;
  const isOwn = settings.idMap === null && (settings.namespaces.user ?? 'own') === 'own' && !guest.privileged;
  return isOwn && map.length === 1 && first?.inside === 0
    ? `its own range of ${first.count}`
    : map.map(idRangeText).join('; ');
}

/** Two own namespaces are alike though their inodes differ; a shared one is told with the inode, by which it is known. */
function whose({ shared, guests, inode }: NamespaceView): string {
  if (shared === 'own') return 'its own';
  return shared === 'host' ? "the host's" : `${inode}, with ${guests.join(', ')}`;
}
