// mountinfo, of which the control groups' layout is read; and what of /proc/PID names a process and maps its
// ids.
#include "cgroup.h"
#include "fuzz.h"
#include "spec_values.h"
#include "sys.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace berth;
  static const std::string root = [] {
    std::string path = fuzz::own_folder();
    fuzz::make_folders(path + "/proc/self");
    fuzz::make_folders(path + "/sys/fs/cgroup/unified");
    fuzz::put_file(path + "/sys/fs/cgroup/cgroup.controllers", "cpu memory io pids\n");
    fuzz::put_file(path + "/sys/fs/cgroup/unified/cgroup.controllers", "hugetlb\n");
    return path;
  }();
  const std::string text(fuzz::bytes_of(data, size));
  fuzz::put_file(root + "/proc/self/mountinfo", text);
  auto layout = CgroupLayout::probe(root);
  if (layout) {
    fuzz::promise(!layout->hierarchies().empty(), "a layout has a hierarchy");
    for (const Hierarchy& hierarchy : layout->hierarchies()) {
      fuzz::promise(hierarchy.mount.starts_with(root), "what is mounted is below the root");
      fuzz::promise(hierarchy.v2 || !hierarchy.controllers.empty(), "a v1 hierarchy has a controller");
    }
    (void)layout->of("memory");
    (void)layout->name_of("io");
    (void)layout->pure_v2();
  }
  (void)parse_start_time(text);
  for (const IdMap& map : parse_id_maps(text)) {
    (void)map;
  }
  return 0;
}
