#include "walls.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

#include "sys.h"

namespace berth {
namespace {

// A guest's program never shares the session keyring of whoever started it. A kernel without keys has none to
// share.
Status take_keyring() {
  if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr) < 0 && errno != ENOSYS) {
    return fail("keyctl", "session keyring");
  }
  return ok();
}

Status drop_bounding_set(uint64_t keep) {
  for (unsigned capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability) {
    if ((keep >> capability & 1) == 0 && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
      return fail("drop a capability");
    }
  }
  return ok();
}

Status install_filter(const std::string& filter) {
  if (filter.empty() || filter.size() % sizeof(sock_filter) != 0 ||
      filter.size() / sizeof(sock_filter) > BPF_MAXINSNS) {
    return fail_with(EINVAL, "install the seccomp filter");
  }
  sock_fprog program = {};
  program.len = static_cast<unsigned short>(filter.size() / sizeof(sock_filter));
  program.filter = reinterpret_cast<sock_filter*>(const_cast<char*>(filter.data()));
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) {
    return fail("install the seccomp filter");
  }
  return ok();
}

Status set_capabilities(uint64_t mask) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets = {};
  for (size_t half = 0; half < 2; ++half) {
    sets.at(half).effective = sets.at(half).permitted = static_cast<uint32_t>(mask >> (32 * half));
  }
  if (syscall(SYS_capset, &header, sets.data()) == 0) {
    return ok();
  }
  // Root of the host may lack some itself: a guest whose root it is gets those that there are.
  std::array<__user_cap_data_struct, 2> held = {};
  if (errno != EPERM || syscall(SYS_capget, &header, held.data()) != 0) {
    return fail("capset");
  }
  for (size_t half = 0; half < 2; ++half) {
    sets.at(half).effective = sets.at(half).permitted &= held.at(half).permitted;
  }
  return syscall(SYS_capset, &header, sets.data()) == 0 ? ok() : Status(fail("capset"));
}

// EINVAL: user_namespaces(7) knows no such id.
Error no_such_id(const char* call, uint32_t id) {
  return errno == EINVAL ? fail_with(EINVAL, "become an id outside the guest's map:", to_text(id))
                         : fail(call);
}

Status set_ids(const User& user) {
  if (setgroups(user.groups.size(), user.groups.data()) != 0) {
    return fail("setgroups");
  }
  if (setresgid(user.gid, user.gid, user.gid) != 0) {
    return no_such_id("setresgid", user.gid);
  }
  if (setresuid(user.uid, user.uid, user.uid) != 0) {
    return no_such_id("setresuid", user.uid);
  }
  return ok();
}

}  // namespace

Status become_root() {
  return set_ids({});
}

Status raise_walls(const Walls& walls, const User& user) {
  BERTH_TRY(take_keyring());
  BERTH_TRY(drop_bounding_set(walls.capabilities));
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) {
    return fail("clear the ambient set");
  }
  if (walls.no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return fail("set no_new_privs");
  }
  // Without no_new_privs a filter takes CAP_SYS_ADMIN, so it comes before the capabilities go and before the
  // user changes.
  BERTH_TRY(install_filter(walls.filter));
  BERTH_TRY(set_ids(user));
  return set_capabilities(user.uid == 0 ? walls.capabilities : 0);
}

Status clean_process() {
  if (syscall(SYS_close_range, 3, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */) != 0) {
    return fail("close_range");
  }
  for (int number = 1; number < NSIG; ++number) {
    signal(number, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  umask(022);
  return ok();
}

void give_up_memory_protection() {
  (void)write_into(AT_FDCWD, "/proc/self/oom_score_adj", "0");
}

Status use_terminal(int terminal) {
  for (int fd = 0; fd < 3; ++fd) {
    if (dup2(terminal, fd) < 0) {
      return fail("dup2", "terminal");
    }
  }
  return ok();
}

}  // namespace berth
