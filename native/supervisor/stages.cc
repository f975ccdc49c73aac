// The stages of a guest's life at which hooks run, and as what: the host's root for all but startContainer,
// which is a program of the guest and has its walls.
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "guest.h"
#include "hooks.h"
#include "sys.h"
#include "walls.h"

namespace berth {

Status bear_on_host() {
  const Fd own(open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC));
  if (!own.valid() || setns(own.get(), CLONE_NEWPID) != 0) {
    return fail("setns", "/proc/self/ns/pid");
  }
  return ok();
}

// The guest's namespaces are there, its root is not.
Status Guest::hooks_before_root(const std::string& spec_text) {
  if (spec_.hooks.empty()) {
    return ok();
  }
  // From here on poststop will run; where this process is killed, by who reads this.
  BERTH_TRY(replace_file(run_dir_.get(), wire::kSpecFile, spec_text, 0600));
  owes_poststop_ = true;
  return run_hooks(spec_, "createRuntime", hook_state(spec_, "creating", init_pid_), [this]() -> Status {
    return setns(host_mounts_.get(), CLONE_NEWNS) == 0 ? ok() : Status(fail("setns", "mnt"));
  });
}

// Its root is mounted on its folder, in the mount namespace that becomes the guest's: what is mounted there
// now, the guest will have.
Status Guest::hooks_around_root() {
  if (!has_hooks(spec_, "createContainer")) {
    return ok();
  }
  return run_hooks(spec_, "createContainer", hook_state(spec_, "creating", init_pid_), [this]() -> Status {
    const int spaces = joined_namespaces(spec_) & (CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS);
    return spaces == 0 || setns(init_.get(), spaces) == 0 ? ok() : Status(fail("setns"));
  });
}

Status Guest::hooks_inside() {
  if (!has_hooks(spec_, "startContainer")) {
    return ok();
  }
  return run_hooks(spec_, "startContainer", hook_state(spec_, "created", init_pid_), [this]() -> Status {
    BERTH_TRY(cgroup_->attach_self());
    if (setns(init_.get(), CLONE_NEWNS | joined_namespaces(spec_)) != 0) {
      return fail("setns");
    }
    BERTH_TRY(become_root());
    return raise_walls({spec_.capabilities, spec_.no_new_privs, filter_}, {});
  });
}

// The guest runs already: what fails is told, and changes nothing.
void Guest::hooks_after_start(Report& report) {
  if (!has_hooks(spec_, "poststart")) {
    return;
  }
  auto done = bear_on_host();
  if (done) {
    done = run_hooks(spec_, "poststart", hook_state(spec_, "running", init_pid_), ok);
  }
  if (!done) {
    report.warning(done.error());
  }
}

void Guest::hooks_after_stop() {
  if (!owes_poststop_) {
    return;
  }
  owes_poststop_ = false;
  (void)leave_mounts();
  (void)bear_on_host();
  for (const Hook& hook : spec_.hooks) {
    Spec one = spec_;
    one.hooks = {hook};
    // Each has its turn, whatever became of the one before.
    (void)run_hooks(one, "poststop", hook_state(spec_, "stopped", 0), ok);
  }
}

}  // namespace berth
