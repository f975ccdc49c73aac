#include "detach.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "wire.h"

namespace berth {

long clone_process(int group, int& pidfd) {
  clone_args args = {};
  args.flags = CLONE_PIDFD;
  args.exit_signal = SIGCHLD;
  args.pidfd = reinterpret_cast<uint64_t>(&pidfd);
  if (group >= 0) {
    args.flags |= CLONE_INTO_CGROUP;
    args.cgroup = static_cast<uint64_t>(group);
  }
  return syscall(SYS_clone3, &args, sizeof args);
}

static Status leave_caller() {
  if (setsid() < 0 || chdir("/") != 0) {
    return fail("setsid");
  }
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) {
    return fail("open", "/dev/null");
  }
  for (int fd = 0; fd < 3; ++fd) {
    dup2(null, fd);
  }
  if (null > 2) {
    close(null);
  }
  return ok();
}

void close_strays(unsigned first) {
  syscall(SYS_close_range, first, ~0U, 0);
}

// Holders do little, but a key or Ctrl-C goes through one of them while guests flood the others: ten times a
// guest's share of the processor.
constexpr int64_t kWeight = 1000;

static Result<Cgroup> group_of_supervisors(const CgroupLayout& layout, const std::string& path) {
  auto group = Cgroup::open(layout, path);
  if (group) {
    return group;
  }
  Limits first;
  first.cpu_weight = kWeight;
  auto made = Cgroup::create(layout, path, first, {"a *:* rwm"});
  // Where the host weighs no processor time all share alike.
  return made ? std::move(made) : Cgroup::create(layout, path, Limits{}, {"a *:* rwm"});
}

Status join_supervisors(const CgroupLayout& layout, const std::string& path) {
  auto group = group_of_supervisors(layout, path);
  return group ? group->attach_self() : Status(group.error());
}

Status detach(const CgroupLayout& layout, const std::string& path) {
  auto group = group_of_supervisors(layout, path);
  if (!group) {
    return group.error();
  }
  const bool born_in_v2 = group->v2_fd() >= 0;
  int pidfd = -1;
  const long pid = clone_process(group->v2_fd(), pidfd);
  if (pid < 0) {
    return fail("clone3");
  }
  if (pid > 0) {
    _exit(0);
  }
  BERTH_TRY(group->attach_self(born_in_v2));
  return leave_caller();
}

}  // namespace berth
