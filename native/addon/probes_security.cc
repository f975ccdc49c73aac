#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "fd.h"
#include "probes.h"
#include "sys.h"

namespace berth::addon {
namespace {

Status try_filter() {
  const uint32_t action = SECCOMP_RET_ERRNO;
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0
             ? ok()
             : Status(fail("filter system calls"));
}

// A filter that lets everything through, with a listener that nobody will hear from.
int listen(int) {
  sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  const sock_fprog program = {1, &allow};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return errno;
  }
  const long listener =
      syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  return listener < 0 ? errno : 0;
}

Status try_notify() {
  return in_child(listen, 0, "listen to filtered system calls");
}

Status try_landlock() {
  const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? ok() : Status(fail("use Landlock"));
}

Status try_clone3() {
  int pidfd = -1;
  clone_args arguments = {};
  arguments.flags = CLONE_PIDFD;
  arguments.pidfd = reinterpret_cast<uint64_t>(&pidfd);
  arguments.exit_signal = SIGCHLD;
  const long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid < 0) {
    return fail("clone3");
  }
  if (pid == 0) {
    _exit(0);
  }
  const Fd child(pidfd);
  while (waitpid(static_cast<pid_t>(pid), nullptr, 0) < 0 && errno == EINTR) {
  }
  return ok();
}

// Loaded, never attached.
Status try_device_filter() {
  std::array<bpf_insn, 2> program = {};
  program[0].code = BPF_ALU64 | BPF_MOV | BPF_K;
  program[0].imm = 1;
  program[1].code = BPF_JMP | BPF_EXIT;
  bpf_attr load = {};
  load.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  load.insns = reinterpret_cast<uint64_t>(program.data());
  load.insn_cnt = program.size();
  load.license = reinterpret_cast<uint64_t>("Apache-2.0");
  const Fd loaded(static_cast<int>(syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load)));
  return loaded.valid() ? ok() : Status(fail("load a BPF program for devices"));
}

Status try_audit() {
  const Fd audit(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT));
  sockaddr_nl address = {};
  address.nl_family = AF_NETLINK;
  address.nl_groups = 1U << (AUDIT_NLGRP_READLOG - 1);
  if (!audit.valid() || bind(audit.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return fail("listen to the kernel's audit records");
  }
  return ok();
}

}  // namespace

Status in_child(int (*work)(int), int argument, const char* what) {
  const pid_t pid = fork();
  if (pid < 0) {
    return fail("fork");
  }
  if (pid == 0) {
    syscall(SYS_close_range, 0, ~0U, 0);  // others wait for the last end of what we are a copy of
    _exit(work(argument) & 0x7f);
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
  return code == 0 ? ok() : Status(fail_with(code, what));
}

bool try_security(const std::string& name, Status& outcome) {
  static const std::pair<const char*, Status (*)()> kAttempts[] = {{"seccomp", try_filter},
                                                                   {"notify", try_notify},
                                                                   {"landlock", try_landlock},
                                                                   {"clone3", try_clone3},
                                                                   {"device-filter", try_device_filter},
                                                                   {"audit", try_audit}};
  for (const auto& [known, attempt] : kAttempts) {
    if (name == known) {
      outcome = attempt();
      return true;
    }
  }
  return false;
}

}  // namespace berth::addon
