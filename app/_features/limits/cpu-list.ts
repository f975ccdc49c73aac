/** The CPUs of a list as the kernel writes it (cpuset(7)): `0-1,3` is 0, 1, 3. What is no list gives none. */
export function parseCpuList(text: string): number[] {
  const cpus = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (!match) continue;
    const from = Number(match[1]);
    const to = Math.min(Number(match[2] ?? from), from + 4095);
    for (let cpu = from; cpu <= to; cpu += 1) cpus.add(cpu);
  }
  return [...cpus].sort((a, b) => a - b);
}

/** The shortest list that names these CPUs: 0, 1, 3 is `0-1,3`. */
export function formatCpuList(cpus: readonly number[]): string {
  const sorted = [...new Set(cpus)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let index = 0; index < sorted.length; ) {
    let end = index;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1;
    parts.push(end > index ? `${sorted[index]}-${sorted[end]}` : String(sorted[index]));
    index = end + 1;
  }
  return parts.join(',');
}

/** The list after one CPU was put in or taken out; all of the host's is no list at all. The last one stays. */
export function toggleCpu(cpuset: string | null, cpu: number, on: boolean, count: number): string | null {
  const all = Array.from({ length: count }, (_, index) => index);
  const before = cpuset === null ? all : parseCpuList(cpuset);
  const after = on ? [...before, cpu] : before.filter((each) => each !== cpu);
  if (after.length === 0) return cpuset;
  return all.every((each) => after.includes(each)) ? null : formatCpuList(after);
}
