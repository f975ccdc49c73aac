/**
 * What a hostile web process would try; run by hostile-web.root.test.ts behind the web process's walls. argv: one JSON file of
 * targets. Prints one JSON object: for each probe null when it went through, else the errno that refused it.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';

const targets = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));

/** The errno, or null. */
function refused(probe) {
  try {
    probe();
    return null;
  } catch (error) {
    return error.code ?? String(error);
  }
}
const reach = (path) =>
  new Promise((resolve) => {
    const socket = net.connect(path, () => {
      socket.destroy();
      resolve(null);
    });
    socket.on('error', (error) => resolve(error.code));
  });
const read = (path) =>
  refused(() => (fs.statSync(path).isDirectory() ? fs.readdirSync(path) : fs.readFileSync(path)));
/** O_APPEND without O_CREAT and without a byte: whether it could, and nothing is harmed. */
const write = (path) =>
  refused(() => fs.closeSync(fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_APPEND)));
const make = (folder) =>
  refused(() => {
    fs.mkdirSync(`${folder}/berth-hostile`);
    fs.rmdirSync(`${folder}/berth-hostile`);
  });

const said = {};
for (const [name, path] of Object.entries(targets.reach)) said[`reach ${name}`] = await reach(path);
for (const [name, path] of Object.entries(targets.read)) said[`read ${name}`] = read(path);
for (const [name, path] of Object.entries(targets.write)) said[`write ${name}`] = write(path);
for (const [name, path] of Object.entries(targets.make)) said[`make a file in ${name}`] = make(path);
for (const [name, pid] of Object.entries(targets.processes)) {
  // signal 0 asks for the right alone (kill(2))
  said[`signal ${name}`] = refused(() => process.kill(pid, 0));
  // the same right as ptrace(2): PTRACE_MODE_ATTACH_FSCREDS
  said[`memory of ${name}`] = refused(() => fs.closeSync(fs.openSync(`/proc/${pid}/mem`, 'r')));
  said[`environment of ${name}`] = refused(() => fs.readFileSync(`/proc/${pid}/environ`));
  said[`descriptors of ${name}`] = refused(() => fs.readdirSync(`/proc/${pid}/fd`));
}
said['become root'] = refused(() => process.setuid(0));
/** Programs that need a capability and change nothing: the exit status, or null. */
const run = (file, ...args) => {
  try {
    execFileSync(file, args, { stdio: 'pipe' });
    return null;
  } catch (error) {
    return `status ${error.status}`;
  }
};
said['change the root folder'] = run('/usr/sbin/chroot', '/', '/bin/true');
said['see the firewall'] = run('/usr/sbin/nft', 'list', 'tables');
said['gain by a set-user-id program'] =
  execFileSync(targets.setUserId, ['-u'], { encoding: 'utf8' }).trim() === '0' ? null : 'not root';

const status = fs.readFileSync('/proc/self/status', 'utf8');
const field = (name) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1]?.trim();
const facts = Object.fromEntries(
  ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs', 'Groups'].map((name) => [
    name,
    field(name),
  ]),
);
console.log(JSON.stringify({ said, facts }));
