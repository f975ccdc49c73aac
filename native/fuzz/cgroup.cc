// Files of a control group, on v1 and on v2: the parts of the input, one after the other, are what each of
// them holds.
#include "cgroup.h"

#include "cgroup_usage.h"
#include "fuzz.h"

namespace berth {
namespace {

constexpr const char* kGroup = "/berth0/guests/g";
constexpr const char* kV1[] = {"cpu", "cpuacct", "memory", "pids", "blkio", "cpuset", "hugetlb", "freezer"};
const std::vector<std::string> kFilesV1 = {"cpu/cpu.cfs_quota_us",
                                           "cpu/cpu.cfs_period_us",
                                           "cpu/cpu.cfs_burst_us",
                                           "cpu/cpu.shares",
                                           "cpu/cpu.stat",
                                           "cpuacct/cpuacct.usage",
                                           "memory/memory.limit_in_bytes",
                                           "memory/memory.memsw.limit_in_bytes",
                                           "memory/memory.usage_in_bytes",
                                           "memory/memory.stat",
                                           "memory/memory.failcnt",
                                           "memory/memory.memsw.failcnt",
                                           "memory/memory.oom_control",
                                           "memory/memory.max_usage_in_bytes",
                                           "pids/pids.max",
                                           "pids/pids.current",
                                           "pids/pids.events",
                                           "blkio/blkio.throttle.read_bps_device",
                                           "blkio/blkio.throttle.write_bps_device",
                                           "blkio/blkio.throttle.read_iops_device",
                                           "blkio/blkio.throttle.write_iops_device",
                                           "blkio/blkio.throttle.io_service_bytes_recursive",
                                           "blkio/blkio.bfq.weight",
                                           "cpuset/cpuset.cpus",
                                           "hugetlb/hugetlb.2MB.limit_in_bytes",
                                           "freezer/freezer.state"};
const std::vector<std::string> kFilesV2 = {
    "cpu.max",     "cpu.max.burst",    "cpu.weight",      "cpu.stat",       "memory.max",
    "memory.high", "memory.low",       "memory.swap.max", "memory.current", "memory.swap.current",
    "memory.stat", "memory.events",    "memory.peak",     "pids.max",       "pids.current",
    "pids.events", "io.max",           "io.stat",         "io.weight",      "io.bfq.weight",
    "cpuset.cpus", "hugetlb.2MB.max",  "cgroup.events",   "cpu.pressure",   "memory.pressure",
    "io.pressure", "memory.oom.group", "cgroup.procs"};

struct Host {
  std::string root;
  bool v2;

  std::string path_of(const std::string& file) const {
    if (v2) {
      return root + "/sys/fs/cgroup" + kGroup + "/" + file;
    }
    const size_t slash = file.find('/');
    return root + "/sys/fs/cgroup/" + file.substr(0, slash) + kGroup + file.substr(slash);
  }
};

Host make_host(bool v2) {
  Host host = {fuzz::own_folder(), v2};
  const std::string cgroups = host.root + "/sys/fs/cgroup";
  fuzz::make_folders(host.root + "/proc/self");
  std::string mounts;
  if (v2) {
    fuzz::make_folders(cgroups + kGroup);
    mounts = "30 20 0:26 / /sys/fs/cgroup rw - cgroup2 none rw\n";
    const std::string all = "cpu cpuset memory io pids hugetlb\n";
    fuzz::put_file(cgroups + "/cgroup.controllers", all);
    fuzz::put_file(cgroups + kGroup + "/cgroup.controllers", all);
  } else {
    for (const char* name : kV1) {
      const std::string folder = std::string("/").append(name);
      fuzz::make_folders(std::string(cgroups).append(folder).append(kGroup));
      mounts.append("30 20 0:26 / /sys/fs/cgroup").append(folder).append(" rw - cgroup none rw,");
      mounts.append(name).append("\n");
    }
  }
  fuzz::put_file(host.root + "/proc/self/mountinfo", mounts);
  return host;
}

void read_everything(const Host& host, const std::vector<std::string>& parts) {
  const auto& files = host.v2 ? kFilesV2 : kFilesV1;
  for (size_t at = 0; at < files.size(); ++at) {
    fuzz::put_file(host.path_of(files[at]), parts[at % parts.size()]);
  }
  auto layout = CgroupLayout::probe(host.root);
  fuzz::promise(static_cast<bool>(layout), "the host's layout is known");
  const std::string path = kGroup + 1;
  auto group = Cgroup::open(*layout, path);
  fuzz::promise(static_cast<bool>(group), "the group is there");
  (void)group->read_limits();
  (void)group->oom_kills();
  (void)group->frozen();
  (void)read_effects(*layout, path);
  auto usage = UsageReader::open(*layout, path);
  fuzz::promise(static_cast<bool>(usage), "the counters are there");
  (void)usage->read(0);
  (void)usage->read(100'000);
}

}  // namespace
}  // namespace berth

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace berth;
  static const Host hosts[] = {make_host(false), make_host(true)};
  if (size > 0) {
    read_everything(hosts[data[0] & 1], fuzz::pieces(fuzz::bytes_of(data, size).substr(1)));
  }
  return 0;
}
