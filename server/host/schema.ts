/** What this host is and can do, as the console shows it. */
export interface HostView {
  hostname: string;
  kernel: string;
  architecture: string;
  distribution: string;
  cpus: number;
  /** Bytes. */
  memory: number;
  memoryAvailable: number;
  swap: number;
  uptimeSeconds: number;
  load: [number, number, number];
  cgroup: { layout: 'v2' | 'v1' | 'hybrid'; controllers: Record<string, 'v1' | 'v2' | null> };
  network: { bridge: string; ipv4: string; ipv6: string; dns: boolean };
  storage: { path: string; size: number; free: number };
  /** Whole disks that rates can be set for. */
  disks: { device: string; node: string; size: number }[];
  /** Sizes of huge pages as hugetlb names them (`2MB`); `bytes` of one page. */
  hugepages: { size: string; bytes: number; total: number; free: number }[];
  /** Each thing that a guest needs, and why it is missing where it is. */
  features: { name: string; available: boolean; reason: string | null }[];
  version: string;
}
