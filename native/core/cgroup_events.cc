// What the kernel tells of a group by itself: files that are polled (EPOLLPRI), and v1's eventfd for memory.
#include <fcntl.h>
#include <sys/eventfd.h>

#include "cgroup.h"
#include "cgroup_files.h"

namespace berth {

int Cgroup::dir_with(const std::string& controller) const {
  return controller.empty() ? v2_dir() : dir_of(controller);
}

bool Cgroup::in_v2(const std::string& controller) const {
  const Hierarchy* hierarchy = layout_.of(controller);
  return hierarchy != nullptr && hierarchy->v2 && dir_of(controller) >= 0;
}

bool Cgroup::in_v1(const std::string& controller) const {
  const Hierarchy* hierarchy = layout_.of(controller);
  return hierarchy != nullptr && !hierarchy->v2 && dir_of(controller) >= 0;
}

Result<Fd> Cgroup::open_file(const std::string& controller, const std::string& name) const {
  const int dir = dir_with(controller);
  if (dir < 0) {
    return fail_with(ENOENT, "open", name);
  }
  Fd file(openat(dir, name.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) {
    return fail("open", name);
  }
  return file;
}

Result<std::string> Cgroup::read_file(const std::string& controller, const std::string& name) const {
  const int dir = dir_with(controller);
  return dir < 0 ? Result<std::string>(fail_with(ENOENT, "read", name)) : cgroup_files::read_at(dir, name);
}

Status Cgroup::write_file(const std::string& controller, const std::string& name,
                          const std::string& value) const {
  const int dir = dir_with(controller);
  return dir < 0 ? Status(fail_with(ENOENT, "write", name)) : cgroup_files::write_at(dir, name, value);
}

Result<Fd> Cgroup::watch_memory_v1() const {
  Fd event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event.valid()) {
    return fail("eventfd");
  }
  auto control = open_file("memory", "memory.oom_control");
  if (!control) {
    return control.error();
  }
  BERTH_TRY(write_file("memory", "cgroup.event_control",
                       std::to_string(event.get()) + " " + std::to_string(control->get())));
  return event;
}

}  // namespace berth
