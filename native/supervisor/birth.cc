// The birth of init: in namespaces of its own, of the host and of other guests.
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <ctime>

#include "guest.h"
#include "kept_mounts.h"
#include "sys.h"

namespace berth {

Status Guest::find_namespaces() {
  auto lenders = find_lenders(spec_);
  if (!lenders) {
    return lenders.error();
  }
  lenders_ = std::move(*lenders);
  auto root = root_id(spec_, lenders_);
  if (!root) {
    return root.error();
  }
  root_id_ = *root;
  return ok();
}

// The guest's clocks start at zero: offsets count for children, and only before the first one
// (time_namespaces(7)).
static Status new_clocks() {
  if (unshare(CLONE_NEWTIME) != 0) {
    return fail("unshare", "time");
  }
  timespec monotonic = {};
  timespec boot = {};
  clock_gettime(CLOCK_MONOTONIC, &monotonic);
  clock_gettime(CLOCK_BOOTTIME, &boot);
  const std::string offsets =
      "monotonic -" + to_text(monotonic.tv_sec) + " 0\nboottime -" + to_text(boot.tv_sec) + " 0\n";
  return write_into(AT_FDCWD, "/proc/self/timens_offsets", offsets);
}

// For whatever is born from here on. Linux 6.1 lets no thread and nobody with whom memory is shared be born
// with other clocks.
Status Guest::old_clocks() const {
  if (!has_new_clocks(spec_)) {
    return ok();
  }
  const Fd clocks(open("/proc/self/ns/time", O_RDONLY | O_CLOEXEC));
  if (!clocks.valid() || setns(clocks.get(), CLONE_NEWTIME) != 0) {
    return fail("setns", "/proc/self/ns/time");
  }
  return ok();
}

Status Guest::clone_init() {
  if (has_new_clocks(spec_)) {
    BERTH_TRY(new_clocks());
  }
  host_mounts_ = Fd(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
  if (!host_mounts_.valid()) {
    return fail("open", "/proc/self/ns/mnt");
  }
  if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return fail("unshare", "mnt");
  }
  auto channel = open_channel();
  if (!channel) {
    return channel.error();
  }
  channel_ = std::move(*channel);
  if (!spec_.init.empty()) {
    auto program = init_mount(spec_.init);
    if (!program) {
      return program.error();
    }
    init_program_ = std::move(*program);
  }
  clone_args args = {};
  args.flags = new_namespaces(spec_);
  if (cgroup_->v2_fd() >= 0) {
    args.flags |= CLONE_INTO_CGROUP;
    args.cgroup = static_cast<uint64_t>(cgroup_->v2_fd());
  }
  BERTH_TRY(lenders_.empty() ? clone_child(args) : clone_in_lent(args));
  channel_.child.reset();
  init_program_.reset();
  BERTH_TRY(old_clocks());
  auto start_time = start_time_of(init_pid_);
  if (!start_time) {
    return start_time.error();
  }
  init_start_time_ = *start_time;
  return ok();
}

void Guest::be_init() {
  channel_.parent.reset();
  send_failure(channel_.child.get(),
               become_init({spec_, *cgroup_, filter_, channel_.child.get(), init_program_.get()}));
  _exit(127);
}

Status Guest::clone_child(clone_args args) {
  int pidfd = -1;
  args.flags |= CLONE_PIDFD;
  args.exit_signal = SIGCHLD;
  args.pidfd = reinterpret_cast<uint64_t>(&pidfd);
  const long pid = syscall(SYS_clone3, &args, sizeof args);
  if (pid < 0) {
    return fail("clone3");
  }
  if (pid == 0) {
    be_init();
  }
  init_ = Fd(pidfd);
  init_pid_ = static_cast<int>(pid);
  return ok();
}

// What other guests lend is joined by a process in between, as there is no way back out of a user namespace.
// Init is our child all the same (CLONE_PARENT).
Status Guest::clone_in_lent(clone_args args) {
  std::array<int, 2> ends = {};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail("pipe2");
  }
  const Fd told(ends[0]);
  Fd telling(ends[1]);
  const pid_t between = fork();
  if (between < 0) {
    return fail("fork");
  }
  if (between == 0) {
    auto joined = join(lenders_);
    args.flags |= CLONE_PARENT;
    const long pid = joined ? syscall(SYS_clone3, &args, sizeof args) : -1;
    if (pid == 0) {
      be_init();
    }
    if (pid < 0) {
      send_failure(channel_.child.get(), joined ? fail("clone3") : Error(joined.error()));
    }
    _exit(pid > 0 && write(telling.get(), &pid, sizeof pid) == sizeof pid ? 0 : 1);
  }
  telling.reset();
  long pid = 0;
  const bool born = read(told.get(), &pid, sizeof pid) == sizeof pid;
  while (waitpid(between, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (!born) {
    channel_.child.reset();
    auto reason = expect_message(channel_.parent.get(), Message::kGone);
    return reason ? Status(fail_with(ECHILD, "clone3")) : Status(reason.error());
  }
  init_pid_ = static_cast<int>(pid);
  auto init = pidfd_of(init_pid_);
  if (!init) {
    return init.error();
  }
  init_ = std::move(*init);
  return ok();
}

Status Guest::map_ids() {
  if (owns(spec_, "user")) {
    const std::string map = id_map_text(spec_);
    const std::string folder = "/proc/" + to_text(init_pid_);
    BERTH_TRY(write_into(AT_FDCWD, folder + "/gid_map", map));
    BERTH_TRY(write_into(AT_FDCWD, folder + "/uid_map", map));
  }
  return ok();
}

}  // namespace berth
