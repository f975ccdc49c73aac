// Of the tests: a restore in a process of its own, which says its steps and can be killed at one.
import { readInstance } from '../instance/read-instance.ts';
import { restoreDatabase } from '../launch/restore-database.ts';

const [dataDir = '', name = '', stopAt = ''] = process.argv.slice(2);
const instance = readInstance(dataDir);
if (!instance) throw new Error(`no instance in ${dataDir}`);
await restoreDatabase(instance, name, (step) => {
  if (step.startsWith(stopAt) && stopAt !== '') process.kill(process.pid, 'SIGKILL');
});
