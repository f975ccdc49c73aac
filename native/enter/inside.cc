#include "inside.h"

#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "label.h"
#include "namespaces.h"
#include "program.h"
#include "rlimits.h"
#include "rootfs.h"
#include "users.h"
#include "walls.h"

namespace berth {
namespace {

constexpr gid_t kTtyGroup = 5;  // what devpts gives its terminals
constexpr const char* kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// All but the pid namespace, which fork has joined, and those of the host. The user namespace counts first,
// whatever the order: the others ask for powers in it.
Status join_namespaces(const Target& target, bool born_in_group) {
  give_up_memory_protection();
  BERTH_TRY(born_in_group ? target.cgroup->attach_self(true) : target.cgroup->attach_beside(target.init_pid));
  if (setns(target.init.get(), CLONE_NEWNS | joined_namespaces(target.spec)) != 0) {
    return fail("setns");
  }
  if (setsid() < 0) {
    return fail("setsid");
  }
  return become_root();
}

Status take_terminal(const InsidePlan& plan, const User& user) {
  Fd peer;
  auto master = open_terminal("/dev/pts", peer);
  if (!master) {
    return master.error();
  }
  if (fchown(peer.get(), user.uid, kTtyGroup) != 0) {
    return fail("chown", "terminal");
  }
  BERTH_TRY(use_terminal(peer.get()));
  if (ioctl(0, TIOCSCTTY, 0) != 0) {
    return fail("take the terminal");
  }
  return send_message(plan.channel, Message::kTerminal, {}, master->get());
}

std::vector<std::string> environment(const InsidePlan& plan, const Account& account) {
  std::vector<std::string> env = plan.options.env;
  const auto set_default = [&env](const std::string& name, const std::string& value) {
    if (environment_of(env, name, "\n") == "\n") {
      env.push_back(name + "=" + value);
    }
  };
  set_default("PATH", environment_of(plan.target.spec.env, "PATH", kDefaultPath));
  set_default("HOME", account.home);
  set_default("USER", account.name);
  set_default("LOGNAME", account.name);
  if (plan.options.session) {
    set_default("SHELL", account.shell.empty() ? "/bin/sh" : account.shell);
    set_default("TERM", "xterm-256color");
  }
  return env;
}

// The login shell of the account, else /bin/sh. A name that starts with a dash tells a shell that it is one
// for a login.
Error run_shell(const Account& account, const std::vector<std::string>& env) {
  std::string tried;
  int code = ENOENT;
  for (const std::string& shell : {account.shell, std::string("/bin/sh")}) {
    if (shell.empty() || shell == tried) {
      continue;
    }
    const std::string name = "-" + shell.substr(shell.rfind('/') + 1);
    std::vector<char*> envp;
    envp.reserve(env.size() + 1);
    for (const auto& entry : env) {
      envp.push_back(const_cast<char*>(entry.c_str()));
    }
    envp.push_back(nullptr);
    char* const argv[] = {const_cast<char*>(name.c_str()), nullptr};
    execve(shell.c_str(), argv, envp.data());
    code = errno == ENOENT ? code : errno;
    tried += (tried.empty() ? "" : ", ") + shell;
  }
  return fail_with(code, "exec a shell, tried in turn", tried);
}

Status die_with_parent(int channel) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
    return fail("prctl");
  }
  char byte = 0;
  if (recv(channel, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) {
    return fail_with(ESRCH, "find the parent");
  }
  return ok();
}

Status enter_home(const InsidePlan& plan, const Account& account) {
  if (!plan.options.workdir.empty()) {
    return enter_workdir(plan.options.workdir);
  }
  if (!plan.options.session) {
    return enter_workdir(plan.target.spec.workdir);
  }
  return enter_workdir(account.home) ? ok() : enter_workdir("/");
}

}  // namespace

Error become_inside(const InsidePlan& plan) {
  const Spec& walls = plan.target.spec;
  Fd label;  // while the host's /proc is in sight
  if (!walls.label.empty()) {
    auto file = open_label_file();
    if (!file) {
      return file.error();
    }
    label = std::move(*file);
  }
  // With the host's powers, which hard limits over one's own take.
  auto limited = set_rlimits(walls.rlimits, 0);
  if (!limited) {
    return limited.error();
  }
  auto joined = join_namespaces(plan.target, plan.born_in_group);
  if (!joined) {
    return joined.error();
  }
  auto account = find_account(plan.options.user);
  if (!account) {
    return account.error();
  }
  const auto prepare = [&]() -> Status {
    if (plan.options.session) {
      BERTH_TRY(take_terminal(plan, account->user));
    }
    BERTH_TRY(clean_process());
    BERTH_TRY(enter_home(plan, *account));
    if (label.valid()) {
      BERTH_TRY(set_label(label.get(), walls.label));
    }
    BERTH_TRY(raise_walls({walls.capabilities, walls.no_new_privs, plan.target.filter}, account->user));
    return die_with_parent(plan.channel);
  };
  auto prepared = prepare();
  if (!prepared) {
    return prepared.error();
  }
  const auto env = environment(plan, *account);
  if (plan.program >= 0) {
    return run_descriptor(plan.program, plan.options.command, env);
  }
  return plan.options.command.empty() ? run_shell(*account, env) : run_program(plan.options.command, env);
}

}  // namespace berth
