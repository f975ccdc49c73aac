/** One thing that this kernel and host can or cannot do, as `berth check` and the host's page tell it. */
export interface HostCheck {
  /** Stable: `namespaces.user`, `cgroup.io.weight`. */
  id: string;
  group: 'kernel' | 'namespaces' | 'cgroups' | 'file systems' | 'network' | 'security' | 'programs';
  name: string;
  /** `yes`; `partly`: there with a lack; `no`. */
  state: 'yes' | 'partly' | 'no';
  /** Guests do not start without it. */
  required: boolean;
  /** What was found or why it is missing, with the kernel option or package that would bring it. */
  detail: string;
  /** What guests lose without it, or what it costs. */
  consequence: string | null;
}
export interface HostCheckReport {
  at: string;
  kernel: string;
  /** Whether guests can run at all. */
  ready: boolean;
  checks: HostCheck[];
}
