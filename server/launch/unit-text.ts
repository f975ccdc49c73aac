import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Instance } from '../instance/instance.ts';
import type { ChildSpec } from './child-specs.ts';

export interface UnitValues {
  root: string;
  instance: Instance;
  server: ChildSpec;
  web: ChildSpec;
  /** Where the server's environment is: `systemctl show` tells everybody what a unit itself has. */
  serverEnvironmentFile: string;
}

// systemd.syntax(7): % begins a specifier, $ a variable, and quotes hold spaces together
const plain = (text: string) => text.replaceAll('%', '%%');
const quote = (word: string) => `"${plain(word).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const commandLine = (words: readonly string[]) =>
  words.map((word) => quote(word).replaceAll('$', '$$$$')).join(' ');

/** Pure: the template with every @NAME@ filled in. Throws for a name that has no value. */
export function unitText(template: string, values: UnitValues): string {
  const { root, instance, server, web, serverEnvironmentFile } = values;
  const texts: Record<string, string> = {
    SLOT: String(instance.slot),
    DATA: plain(instance.dataDir),
    DATA_QUOTED: quote(instance.dataDir),
    WEB_DATA_QUOTED: quote(path.join(instance.dataDir, 'web')),
    ROOT: plain(root),
    README: plain(pathToFileURL(path.join(root, 'README.md')).href),
    SERVER_COMMAND: commandLine(server.command),
    SERVER_ENVIRONMENT_FILE: plain(serverEnvironmentFile),
    WEB_COMMAND: commandLine(web.command),
    WEB_ENVIRONMENT: Object.entries(web.environment)
      .map(([name, value]) => `Environment=${quote(`${name}=${value}`)}`)
      .join('\n'),
    WEB_DIR: plain(web.cwd),
  };
  return template.replace(/@([A-Z_]+)@/g, (_, name: string) => {
    const text = texts[name];
    if (text === undefined) throw new Error(`a unit template names @${name}@, which has no value`);
    return text;
  });
}

/** Pure: an environment as EnvironmentFile= of systemd.exec(5) reads it. */
export function environmentFileText(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `${name}="${value.replace(/[\\"$`]/g, '\\$&')}"\n`)
    .join('');
}
