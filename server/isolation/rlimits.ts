/** How /proc/PID/limits calls what prlimit(1) calls otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  'Max cpu time': 'cpu',
  'Max file size': 'fsize',
  'Max data size': 'data',
  'Max stack size': 'stack',
  'Max core file size': 'core',
  'Max resident set': 'rss',
  'Max processes': 'nproc',
  'Max open files': 'nofile',
  'Max locked memory': 'memlock',
  'Max address space': 'as',
  'Max file locks': 'locks',
  'Max pending signals': 'sigpending',
  'Max msgqueue size': 'msgqueue',
  'Max nice priority': 'nice',
  'Max realtime priority': 'rtprio',
  'Max realtime timeout': 'rttime',
};

/** /proc/PID/limits. Pure. */
export function parseRlimits(text: string): { name: string; soft: string; hard: string }[] {
  return text.split('\n').flatMap((line) => {
    const found = /^(Max .*?) {2,}(\d+|unlimited) +(\d+|unlimited)/.exec(line);
    const name = NAMES[found?.[1] ?? ''];
    return name && found?.[2] && found[3] ? [{ name, soft: found[2], hard: found[3] }] : [];
  });
}
