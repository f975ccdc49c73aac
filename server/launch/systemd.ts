import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Instance } from '../instance/instance.ts';
import type { ChildSpec } from './child-specs.ts';
import { identify, type OwnProcess } from './process-table.ts';

const UNIT_DIR = '/etc/systemd/system';

/** Whether systemd is this host's init (sd_booted(3)). */
export const hasSystemd = (): boolean => existsSync('/run/systemd/system');

const unitsOf = (slot: number) => ({ server: `berth-${slot}.service`, web: `berth-${slot}-web.service` });
const systemctl = (...args: string[]) =>
  execFileSync('systemctl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

// systemd.syntax(7): % begins a specifier, $ a variable, and quotes hold spaces together
const quote = (word: string) =>
  `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
const commandLine = (words: string[]) => words.map((word) => quote(word).replaceAll('$', '$$$$')).join(' ');
const environmentLines = (environment: Record<string, string>) =>
  Object.entries(environment)
    .map(([name, value]) => `Environment=${quote(`${name}=${value}`)}`)
    .join('\n');

/** Write both units (only where they differ) and start them; a unit whose text changed is started anew. Returns whether anything changed. */
export function startUnits(
  root: string,
  instance: Instance,
  specs: { server: ChildSpec; web: ChildSpec },
): boolean {
  const values: Record<string, string> = {
    SLOT: String(instance.slot),
    DATA: instance.dataDir,
    ROOT: root,
    SERVER_COMMAND: commandLine(specs.server.command),
    SERVER_ENVIRONMENT: environmentLines(specs.server.environment),
    WEB_COMMAND: commandLine(specs.web.command),
    WEB_ENVIRONMENT: environmentLines(specs.web.environment),
    WEB_DIR: specs.web.cwd,
  };
  const units = unitsOf(instance.slot);
  const changed: string[] = [];
  for (const [template, unit] of [
    ['berth.service.in', units.server],
    ['berth-web.service.in', units.web],
  ] as const) {
    const text = readFileSync(path.join(root, 'systemd', template), 'utf8').replace(
      /@([A-Z_]+)@/g,
      (_, key: string) => values[key] ?? '',
    );
    const file = path.join(UNIT_DIR, unit);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    writeFileSync(file, text, { mode: 0o644 });
    changed.push(unit);
  }
  if (changed.length > 0) systemctl('daemon-reload');
  systemctl('enable', '--quiet', units.server, units.web);
  if (changed.length > 0) systemctl('restart', ...changed);
  systemctl('start', units.server, units.web);
  return changed.length > 0;
}

export function restartUnits(slot: number): void {
  systemctl('restart', unitsOf(slot).server, unitsOf(slot).web);
}

export function stopUnits(slot: number): void {
  const units = unitsOf(slot);
  if (existsSync(path.join(UNIT_DIR, units.server)))
    systemctl('disable', '--now', '--quiet', units.web, units.server);
}

export function removeUnits(slot: number): void {
  for (const unit of Object.values(unitsOf(slot))) rmSync(path.join(UNIT_DIR, unit), { force: true });
  systemctl('daemon-reload');
}

/** Main process of each unit, null where it does not run. */
export function unitProcesses(slot: number): { server: OwnProcess | null; web: OwnProcess | null } {
  const main = (unit: string) => {
    try {
      const pid = Number(systemctl('show', '--property=MainPID', '--value', unit));
      return pid > 0 ? identify(pid) : null;
    } catch {
      return null;
    }
  };
  const units = unitsOf(slot);
  return { server: main(units.server), web: main(units.web) };
}
