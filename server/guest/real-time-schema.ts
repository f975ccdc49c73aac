/** Why limits and rights of real-time scheduling are refused. */
export const NO_REAL_TIME =
  'real-time scheduling is not offered: a real-time process of a guest keeps its CPU from everybody, the host too, and cgroup v2 gives no share of it to groups; use cpuWeight and cpuset';
