#include "kernel_mounts.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <climits>

#include "mounts.h"

namespace berth {
namespace {

// A file system of the guest's namespaces must be made by a process in them; one that shares our descriptors
// and memory (vfork) does it.
struct Job {
  const RootPlan* plan;
  KernelMounts out;
  Error error;
  bool failed = false;
};

Result<Fd> mount_proc(const Spec& spec) {
  NewMount proc = {"proc", {}, kStrictMount};
  for (const auto& option : spec.proc_options) {
    const size_t equals = option.find('=');
    proc.options.emplace_back(nullptr, option.substr(equals + 1));
  }
  std::vector<std::string> keys;
  keys.reserve(spec.proc_options.size());
  for (size_t i = 0; i < spec.proc_options.size(); ++i) {
    keys.push_back(spec.proc_options[i].substr(0, spec.proc_options[i].find('=')));
    proc.options[i].first = keys.back().c_str();
  }
  return make_mount(proc);
}

Status keep(Fd& out, Result<Fd> made) {
  if (!made) {
    return made.error();
  }
  out = std::move(*made);
  return ok();
}

Status keep_inside(KernelMounts& out, const char* target, Result<Fd> made) {
  if (!made) {
    return made.error();
  }
  out.inside.push_back({target, std::move(*made)});
  return ok();
}

// What a message queue or semaphore of POSIX needs beside the namespace: the owner's /dev/shm.
Result<Fd> shared_memory(const RootPlan& plan) {
  for (const auto& lender : plan.lenders) {
    if ((lender.flags & CLONE_NEWIPC) != 0 && setns(lender.init.process.get(), CLONE_NEWNS) != 0) {
      return fail("join the mounts of", lender.run_dir);
    }
  }
  const Fd top(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  auto folder = open_inside(top.get(), "dev/shm", O_PATH | O_DIRECTORY | O_NOFOLLOW);
  if (!folder) {
    return folder;
  }
  auto copy = copy_tree(folder->get(), "", false);
  if (copy) {
    BERTH_TRY(set_attributes(copy->get(), MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV));
  }
  return copy;
}

Status make_mounts(const RootPlan& plan, KernelMounts& out) {
  const Spec& spec = plan.spec;
  int join = CLONE_NEWNET;
  join |= owns(spec, "ipc") ? 0 : CLONE_NEWIPC;
  join |= owns(spec, "uts") ? 0 : CLONE_NEWUTS;
  join |= owns(spec, "cgroup") ? 0 : CLONE_NEWCGROUP;
  if (setns(plan.init_pidfd, join) != 0) {
    return fail("setns");
  }
  BERTH_TRY(keep(out.proc, mount_proc(spec)));
  BERTH_TRY(keep(out.sys, make_mount({"sysfs", {}, kStrictMount | MOUNT_ATTR_RDONLY})));
  if (spec.nesting) {
    // The kernel lets a namespace inside have a proc or sysfs of its own where it sees one that hides
    // nothing.
    BERTH_TRY(keep_inside(out, "dev/.berth/proc", make_mount({"proc", {}, kStrictMount})));
    BERTH_TRY(keep_inside(out, "dev/.berth/sys", make_mount({"sysfs", {}, kStrictMount})));
  }
  out.hostname = spec.hostname;
  if (!owns(spec, "uts")) {
    std::array<char, HOST_NAME_MAX + 1> name = {};
    if (gethostname(name.data(), name.size() - 1) != 0) {
      return fail("gethostname");
    }
    out.hostname = name.data();
  }
  struct stat facts = {};
  if (!owns(spec, "cgroup") && stat("/sys/fs/cgroup", &facts) == 0) {
    BERTH_TRY(keep(out.cgroups, make_mount({"cgroup2", {}, kStrictMount | MOUNT_ATTR_RDONLY})));
  }
  if (owns(spec, "ipc")) {
    return ok();
  }
  BERTH_TRY(keep_inside(out, "dev/mqueue", make_mount({"mqueue", {}, kStrictMount})));
  return keep_inside(out, "dev/shm", shared_memory(plan));
}

int run_job(void* argument) {
  auto* job = static_cast<Job*>(argument);
  auto made = make_mounts(*job->plan, job->out);
  if (!made) {
    job->error = made.error();
    job->failed = true;
  }
  return 0;
}

}  // namespace

Result<KernelMounts> kernel_mounts(const RootPlan& plan) {
  if (setns(plan.init_pidfd, CLONE_NEWPID) != 0) {  // for children only
    return fail("setns");
  }
  Job job = {&plan, {}, {}};
  alignas(4096) static std::array<char, 65536> stack;
  const int helper =
      clone(run_job, stack.data() + stack.size(), CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD, &job);
  if (helper < 0) {
    return fail("clone");
  }
  while (waitpid(helper, nullptr, 0) < 0 && errno == EINTR) {
  }
  madvise(stack.data(), stack.size(), MADV_DONTNEED);  // it would stay as long as the guest runs
  if (job.failed) {
    return job.error;
  }
  if (!job.out.proc.valid() || !job.out.sys.valid()) {
    return fail_with(ECHILD, "mount proc");
  }
  return std::move(job.out);
}

}  // namespace berth
