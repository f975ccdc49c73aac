#include "join.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "detach.h"
#include "inside.h"
#include "running.h"
#include "sys.h"
#include "wire.h"

namespace berth {
namespace {

constexpr size_t kMaxFilter = 4096UL * 8;  // BPF_MAXINSNS instructions of 8 bytes

// The v2 group that init is in: the guest's, or one that a system's init has made below it. A process born
// there spares the wait of a move.
Fd group_of_init(const Target& target) {
  const Hierarchy* v2 = target.layout->v2();
  auto groups = read_file("/proc/" + to_text(target.init_pid) + "/cgroup", 65536);
  const std::string own = "0::/" + target.spec.cgroup;
  const size_t at = groups ? groups->rfind(own) : std::string::npos;
  if (v2 == nullptr || at == std::string::npos || (at > 0 && (*groups)[at - 1] != '\n')) {
    return Fd();
  }
  const std::string path = groups->substr(at + 3, groups->find('\n', at) - at - 3);
  if ((path + "/").find("/../") != std::string::npos) {
    return Fd();
  }
  return Fd(open((v2->mount + path).c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

}  // namespace

Result<Target> find_target(const std::string& run_dir) {
  auto init = find_running(run_dir);
  if (!init) {
    return init.error();
  }
  Target target;
  target.init_pid = init->pid;
  target.init = std::move(init->process);
  auto text = read_file(run_dir + "/" + wire::kSpecFile, wire::kMaxSpecBytes);
  if (!text) {
    return text.error();
  }
  auto spec = parse_spec(*text);
  if (!spec) {
    return spec.error();
  }
  target.spec = std::move(*spec);
  auto filter = read_file(target.spec.seccomp, kMaxFilter);
  if (!filter) {
    return filter.error();
  }
  target.filter = std::move(*filter);
  auto layout = CgroupLayout::probe();
  if (!layout) {
    return layout.error();
  }
  target.layout = std::move(*layout);
  auto cgroup = Cgroup::open(*target.layout, target.spec.cgroup);
  if (!cgroup) {
    return cgroup.error();
  }
  target.cgroup = std::move(*cgroup);
  return target;
}

Result<Joined> spawn_inside(const Target& target, const Options& options) {
  Fd program;
  if (!options.program.empty()) {
    // While the host's files are in sight; nobody inside can write to it (CVE-2019-5736).
    auto mount = read_only_mount(options.program);
    if (!mount) {
      return mount.error();
    }
    program = std::move(*mount);
  }
  auto channel = open_channel();
  if (!channel) {
    return channel.error();
  }
  if (setns(target.init.get(), CLONE_NEWPID) != 0) {  // for the child: pid namespaces are entered by birth
    return fail("setns", to_text(target.init_pid));
  }
  const Fd group = group_of_init(target);
  int pidfd = -1;
  bool born_in_group = group.valid();
  long pid = born_in_group ? clone_process(group.get(), pidfd) : -1;
  if (pid < 0) {
    born_in_group = false;
    pid = clone_process(-1, pidfd);
  }
  if (pid < 0) {
    return fail("clone3");
  }
  if (pid == 0) {
    channel->parent.reset();
    send_failure(channel->child.get(),
                 become_inside({target, options, channel->child.get(), born_in_group, program.get()}));
    _exit(127);
  }
  Joined joined;
  joined.pid = static_cast<int>(pid);
  joined.process = Fd(pidfd);
  joined.channel = std::move(channel->parent);
  return joined;
}

}  // namespace berth
