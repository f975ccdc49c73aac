/** One file of an image: its text and mode. */
export interface ImageFile {
  path: string;
  text: string;
  mode: number;
}

const INITTAB = `::sysinit:/bin/mkdir -p /run /var/run /var/log /tmp
::respawn:/sbin/syslogd -n -O /var/log/messages
::respawn:/usr/sbin/crond -f -l 8
/dev/console::respawn:/sbin/getty -l /sbin/console-login 0 /dev/console
::ctrlaltdel:/sbin/stop-guest
::shutdown:/sbin/stop-services
`;

/**
 * Orderly, and no longer than it has to be: everybody is asked, interactive shells (deaf to TERM) are hung up, and
 * only who is left after five seconds is killed. Init waits for this action, so nothing is respawned meanwhile. Sourced, not run,
 * by stop-guest: its shell would be among those who are asked, and one too many of those who are left.
 */
const STOP_SERVICES = `#!/bin/sh
trap '' TERM HUP INT
left() { set -- /proc/[0-9]*; [ $# -gt 2 ]; }
n=0
kill -TERM -1
while left && [ $n -lt 500 ]; do
  [ $n = 20 ] && kill -HUP -1
  usleep 10000
  n=$((n + 1))
done
left && kill -KILL -1
sync
`;

/** What SIGINT to init runs: the end of the pid namespace's init is a power-off (pid_namespaces(7), reboot(2)). */
const STOP_GUEST = `#!/bin/sh
. /sbin/stop-services
exec poweroff -f
`;

/**
 * The console belongs to who Berth let in, so a name is enough on it; the password of root stays locked everywhere
 * else (su, telnet, ssh).
 */
const CONSOLE_LOGIN = `#!/bin/sh
[ "$1" = -- ] && shift
exec /bin/login -f "$1"
`;

/** PID 1 gets only the signals that it handles, and httpd handles no TERM. */
const SERVE = `#!/bin/sh
trap 'kill $!' TERM INT
httpd -f -p "\${PORT:-80}" -h "\${ROOT:-/srv}" &
wait $!
`;

const PROFILE = `export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PAGER=less EDITOR=vi
umask 022
if [ -n "$PS1" ]; then
  [ "$(id -u)" = 0 ] && c=31 m='#' || c=32 m='$'
  PS1="\\[\\e[1;\${c}m\\]\\u@\\h\\[\\e[0m\\]:\\[\\e[1;34m\\]\\w\\[\\e[0m\\]$m "
  unset c m
  alias ll='ls -l'
fi
`;

const INDEX = `<!doctype html>
<meta charset="utf-8">
<title>It serves</title>
<h1>It serves</h1>
<p>This page is <code>/srv/index.html</code> of the guest.</p>
`;

/** Text files of `berth/mini`; host name, hosts and resolv.conf are the supervisor's. */
export const MINI_FILES: readonly ImageFile[] = [
  { path: 'etc/inittab', text: INITTAB, mode: 0o644 },
  {
    path: 'etc/passwd',
    text: 'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/:/bin/false\nwww-data:x:33:33:www-data:/srv:/bin/false\nnobody:x:65534:65534:nobody:/:/bin/false\n',
    mode: 0o644,
  },
  {
    path: 'etc/shadow',
    text: 'root:*:::::::\ndaemon:*:::::::\nwww-data:*:::::::\nnobody:*:::::::\n',
    mode: 0o600,
  },
  {
    path: 'etc/group',
    text: 'root:x:0:\ndaemon:x:1:\ntty:x:5:\nwww-data:x:33:\nnogroup:x:65534:\n',
    mode: 0o644,
  },
  { path: 'etc/profile', text: PROFILE, mode: 0o644 },
  { path: 'etc/shells', text: '/bin/sh\n/bin/ash\n', mode: 0o644 },
  {
    path: 'etc/issue',
    text: 'Berth mini on \\n. Log in as root: the console asks for no password.\n\n',
    mode: 0o644,
  },
  { path: 'etc/hostname', text: 'mini\n', mode: 0o644 },
  { path: 'etc/hosts', text: '127.0.0.1 localhost\n::1 localhost\n', mode: 0o644 },
  { path: 'etc/resolv.conf', text: '', mode: 0o644 },
  { path: 'etc/nsswitch.conf', text: 'hosts: files dns\n', mode: 0o644 },
  {
    path: 'etc/os-release',
    text: 'ID=berth-mini\nNAME="Berth mini"\nPRETTY_NAME="Berth mini (BusyBox)"\n',
    mode: 0o644,
  },
  { path: 'etc/syslog.conf', text: '', mode: 0o644 },
  { path: 'etc/crontabs/root', text: '', mode: 0o600 },
  { path: 'sbin/stop-services', text: STOP_SERVICES, mode: 0o755 },
  { path: 'sbin/stop-guest', text: STOP_GUEST, mode: 0o755 },
  { path: 'sbin/console-login', text: CONSOLE_LOGIN, mode: 0o755 },
  { path: 'sbin/serve', text: SERVE, mode: 0o755 },
  { path: 'srv/index.html', text: INDEX, mode: 0o644 },
];

/** Folders of `berth/mini` with their modes. */
export const MINI_FOLDERS: readonly [path: string, mode: number][] = [
  ['bin', 0o755],
  ['sbin', 0o755],
  ['usr/bin', 0o755],
  ['usr/sbin', 0o755],
  ['usr/local/bin', 0o755],
  ['usr/local/sbin', 0o755],
  ['etc/crontabs', 0o755],
  ['dev', 0o755],
  ['proc', 0o555],
  ['sys', 0o555],
  ['run', 0o755],
  ['root', 0o700],
  ['home', 0o755],
  ['srv', 0o755],
  ['mnt', 0o755],
  ['tmp', 0o1777],
  ['var/log', 0o755],
  ['var/tmp', 0o1777],
  ['var/spool/cron', 0o755],
];
