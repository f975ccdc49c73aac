import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Instance } from '../instance/instance.ts';
import type { ChildSpec } from './child-specs.ts';
import { identify, type OwnProcess } from './process-table.ts';
import { environmentFileText, unitText } from './unit-text.ts';

const UNIT_DIR = '/etc/systemd/system';

/** Whether systemd is this host's init (sd_booted(3)). */
export const hasSystemd = (): boolean => existsSync('/run/systemd/system');

const unitsOf = (slot: number) => ({ server: `berth-${slot}.service`, web: `berth-${slot}-web.service` });
const systemctl = (...args: string[]) =>
  execFileSync('systemctl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const areInstalled = (slot: number) => existsSync(path.join(UNIT_DIR, unitsOf(slot).server));

/** Write both units (only where they differ), let them start with the host, and start what does not run. */
export function startUnits(
  root: string,
  instance: Instance,
  specs: { server: ChildSpec; web: ChildSpec },
): void {
  const serverEnvironmentFile = path.join(instance.dataDir, 'server.env');
  writeFileSync(serverEnvironmentFile, environmentFileText(specs.server.environment), { mode: 0o600 });
  const values = { root, instance, ...specs, serverEnvironmentFile };
  const units = unitsOf(instance.slot);
  let changed = false;
  for (const [template, unit] of [
    ['berth.service.in', units.server],
    ['berth-web.service.in', units.web],
  ] as const) {
    const text = unitText(readFileSync(path.join(root, 'systemd', template), 'utf8'), values);
    const file = path.join(UNIT_DIR, unit);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    writeFileSync(file, text, { mode: 0o644 });
    changed = true;
  }
  if (changed) systemctl('daemon-reload');
  systemctl('enable', '--quiet', units.server, units.web);
  systemctl('start', units.server, units.web);
}

/** Stop both, if there are any; they start again with the host. Guests and shells run on. */
export function pauseUnits(slot: number): void {
  const units = unitsOf(slot);
  if (areInstalled(slot)) systemctl('stop', units.web, units.server);
}

/** Stop both and do not start them with the host any more. Returns whether one ran. */
export function stopUnits(slot: number): boolean {
  if (!areInstalled(slot)) return false;
  const { server, web } = unitProcesses(slot);
  const units = unitsOf(slot);
  systemctl('disable', '--now', '--quiet', units.web, units.server);
  return server !== null || web !== null;
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

/** The last lines that both units have logged. */
export function unitLog(slot: number): string {
  const units = unitsOf(slot);
  const args = ['--no-pager', '--lines=16', '--output=cat', `--unit=${units.server}`, `--unit=${units.web}`];
  try {
    return execFileSync('journalctl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch {
    return `see journalctl -u ${units.server} -u ${units.web}`;
  }
}
