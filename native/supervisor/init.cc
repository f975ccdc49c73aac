// The child's side of a start: from clone3 to the guest's own program.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guest.h"
#include "init_name.h"
#include "label.h"
#include "netlink.h"
#include "program.h"
#include "rootfs.h"
#include "settle.h"
#include "users.h"
#include "walls.h"

namespace berth {
namespace {

constexpr gid_t kTtyGroup = 5;     // what devpts gives its terminals
constexpr uint32_t kLoopback = 1;  // the first link of every network namespace

Status set_up_network(const std::optional<Network>& network) {
  auto netlink = Netlink::open();
  if (!netlink) {
    return netlink.error();
  }
  BERTH_TRY(netlink->set_up(kLoopback));
  if (!network) {
    return ok();
  }
  auto index = netlink->index_of("eth0");
  if (!index) {
    return index.error();
  }
  BERTH_TRY(netlink->add_address(*index, network->ipv4));
  BERTH_TRY(netlink->add_address(*index, network->ipv6));
  BERTH_TRY(netlink->set_up(*index));
  BERTH_TRY(netlink->add_default_route(*index, network->ipv4_gateway));
  return netlink->add_default_route(*index, network->ipv6_gateway);
}

// After the maps: a delegated group belongs to the guest's root, whom this process can stand in for only once
// it is mapped.
Status join_namespaces(const InitPlan& plan) {
  auto mapped = expect_message(plan.channel, Message::kMapped);
  if (!mapped) {
    return mapped.error();
  }
  BERTH_TRY(plan.cgroup.attach_self(plan.cgroup.v2_fd() >= 0));
  if (owns(plan.spec, "cgroup") &&
      unshare(CLONE_NEWCGROUP) != 0) {  // what it is in now becomes the root that it sees
    return fail("unshare");
  }
  if (setsid() < 0) {
    return fail("setsid");
  }
  give_up_memory_protection();
  BERTH_TRY(become_root());
  auto linked = expect_message(plan.channel, Message::kLinked);
  if (!linked) {
    return linked.error();
  }
  return owns(plan.spec, "network") ? set_up_network(plan.spec.network) : ok();
}

// The mounts that go into it come before it.
Result<GuestRoot> receive_root(int channel) {
  GuestRoot root;
  for (;;) {
    auto received = receive_message(channel);
    if (!received) {
      return received.error();
    }
    if (received->message == Message::kRoot) {
      root.top = std::move(received->fd);
      return root;
    }
    if (received->message != Message::kMount) {
      return fail_with(ECHILD, "wait for the other process");
    }
    root.inside.push_back({received->payload, std::move(received->fd)});
  }
}

Status take_root(const InitPlan& plan, Fd& terminal) {
  auto root = receive_root(plan.channel);
  if (!root) {
    return root.error();
  }
  auto master = enter_root(plan.spec, *root, terminal);
  if (!master) {
    return master.error();
  }
  if (owns(plan.spec, "uts") && sethostname(plan.spec.hostname.data(), plan.spec.hostname.size()) != 0) {
    return fail("sethostname", plan.spec.hostname);
  }
  return send_message(plan.channel, Message::kTerminal, {}, master->get());
}

// Init dies with its supervisor; the kernel forgets this wish when credentials change, so it comes last.
Status die_with_supervisor(int channel) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
    return fail("prctl");
  }
  char byte = 0;
  if (recv(channel, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) {
    return fail_with(ESRCH, "find the supervisor");
  }
  return ok();
}

Status prepare(const InitPlan& plan, Account& account) {
  Fd label;  // while the host's /proc is in sight
  if (!plan.spec.label.empty()) {
    auto file = open_label_file();
    if (!file) {
      return file.error();
    }
    label = std::move(*file);
  }
  BERTH_TRY(join_namespaces(plan));
  Fd terminal;
  BERTH_TRY(take_root(plan, terminal));
  if (!plan.spec.user.empty()) {
    auto found = find_account(plan.spec.user);
    if (!found) {
      return found.error();
    }
    account = std::move(*found);
    if (fchown(terminal.get(), account.user.uid, kTtyGroup) != 0) {
      return fail("chown", "/dev/console");
    }
  }
  BERTH_TRY(use_terminal(terminal.get()));
  // A system's init hands the console to its gettys, which need it free: busybox's getty fails with EPERM
  // otherwise.
  // Under a minimal init the command takes it.
  if (!plan.spec.system && plan.init < 0 && ioctl(0, TIOCSCTTY, 0) != 0) {
    return fail("take the terminal", "/dev/console");
  }
  // Orphans come to init, as they do where it is the first of its pid namespace.
  if (!owns(plan.spec, "pid") && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) {
    return fail("adopt orphans");
  }
  if (settles(plan.spec)) {
    auto settled = expect_message(plan.channel, Message::kSettled);
    if (!settled) {
      return settled.error();
    }
  }
  BERTH_TRY(clean_process());
  BERTH_TRY(enter_workdir(plan.spec.workdir));
  if (label.valid()) {
    BERTH_TRY(set_label(label.get(), plan.spec.label));
  }
  BERTH_TRY(raise_walls({plan.spec.capabilities, plan.spec.no_new_privs, plan.filter}, account.user));
  return die_with_supervisor(plan.channel);
}

// The minimal init with the command for its arguments, and the channel for its child to say that it cannot be
// run.
Error run_init(const InitPlan& plan, const std::vector<std::string>& env) {
  const Fd program(fcntl(plan.init, F_DUPFD_CLOEXEC, kInitChannel + 1));
  const Fd channel(fcntl(plan.channel, F_DUPFD_CLOEXEC, kInitChannel + 1));
  if (!program.valid() || !channel.valid() || dup2(channel.get(), kInitChannel) < 0) {
    return fail("dup2");
  }
  std::vector<std::string> args = plan.spec.args;
  args.insert(args.begin(), "berth-init");
  return run_descriptor(program.get(), args, env);
}

}  // namespace

Error become_init(const InitPlan& plan) {
  Account account;
  auto prepared = prepare(plan, account);
  if (!prepared) {
    return prepared.error();
  }
  auto env = plan.spec.env;
  if (!plan.spec.user.empty() && environment_of(env, "HOME", "").empty()) {
    env.push_back("HOME=" + account.home);
  }
  return plan.init < 0 ? run_program(plan.spec.args, env) : run_init(plan, env);
}

}  // namespace berth
