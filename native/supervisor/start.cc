// Starting a guest: a flat list of named steps.
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beside.h"
#include "guest.h"
#include "guest_mounts.h"
#include "kept_mounts.h"
#include "link_rates.h"
#include "netlink.h"
#include "rootfs.h"
#include "settle.h"
#include "sys.h"

namespace berth {

constexpr size_t kMaxFilter = 4096UL * 8;  // BPF_MAXINSNS instructions of 8 bytes

Status Guest::start(Report& report, const std::string& spec_text) {
  BERTH_TRY(check_settings());
  BERTH_TRY(make_folder());
  BERTH_TRY(find_namespaces());
  report.step("folder");
  BERTH_TRY(make_cgroup());
  report.step("cgroup");
  BERTH_TRY(clone_init());
  report.step("clone");
  BERTH_TRY(map_ids());
  report.step("map");
  BERTH_TRY(learn_calls());
  {
    Beside link([this] { return admit_init(); });
    if (!spec_.hooks.empty()) {
      BERTH_TRY(link.finish());
    }
    BERTH_TRY(hooks_before_root(spec_text));
    Status made = make_root();
    report.step("root");
    // When both failed, what init said of its own failure is there.
    BERTH_TRY(link.finish());
    if (!made) {
      return made;
    }
  }
  BERTH_TRY(hand_root());
  report.step("link");
  BERTH_TRY(write_state(spec_text));
  BERTH_TRY(open_holder());
  report.step("console");
  if (settles(spec_)) {
    BERTH_TRY(leave_mounts());  // what is bound into the guest comes from the host, with what is mounted
                                // there later
    BERTH_TRY(settle());
    report.step("settle");
  }
  BERTH_TRY(wait_exec());
  report.step("exec");
  if (!spec_.hooks.empty()) {
    BERTH_TRY(leave_mounts());
    hooks_after_start(report);
  }
  report.ready(init_pid_, init_start_time_, getpid());
  return leave_mounts();
}

// The run folder, locked: a second supervisor of the same guest fails here.
Status Guest::make_folder() {
  auto filter = read_file(spec_.seccomp, kMaxFilter);
  if (!filter) {
    return filter.error();
  }
  filter_ = std::move(*filter);
  if (mkdir(spec_.run_dir.c_str(), 0700) == 0) {
    made_run_dir_ = true;
  } else if (errno != EEXIST) {
    return fail("mkdir", spec_.run_dir);
  }
  Fd folder(open(spec_.run_dir.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder.valid()) {
    return fail("open", spec_.run_dir);
  }
  if (flock(folder.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail_with(EBUSY, "lock", spec_.run_dir);
  }
  run_dir_ = std::move(folder);
  unlinkat(run_dir_.get(), wire::kExitFile, 0);
  return ok();
}

Status Guest::make_cgroup() {
  auto cgroup = Cgroup::ensure(layout_, spec_.cgroup);
  if (!cgroup) {
    return cgroup.error();
  }
  cgroup_ = std::move(*cgroup);
  return ok();
}

Status Guest::bound_cgroup() const {
  Limits limits = spec_.limits;
  limits.kill_all = spec_.out_of_memory == "kill-all";
  BERTH_TRY(cgroup_->bound(limits, device_rules(spec_)));
  return spec_.system ? cgroup_->delegate(root_id_, root_id_) : ok();
}

// Init joins its groups when they have their limits, and sets up its network when there is a link; its root
// is made meanwhile.
Status Guest::admit_init() {
  BERTH_TRY(bound_cgroup());
  BERTH_TRY(tell_init(Message::kMapped));
  return make_link();
}

// A child that failed has closed its end: what it said before is the reason.
Status Guest::tell_init(Message message, int fd, const std::string& payload) {
  auto sent = send_message(channel_.parent.get(), message, payload, fd);
  if (sent) {
    return sent;
  }
  auto reason = expect_message(channel_.parent.get(), Message::kGone);
  return reason ? sent : Status(reason.error());
}

Status Guest::make_link() {
  if (spec_.network) {
    const std::string path = "/proc/" + to_text(init_pid_) + "/ns/net";
    const Fd netns(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!netns.valid()) {
      return fail("open", path);
    }
    auto netlink = Netlink::open();
    if (!netlink) {
      return netlink.error();
    }
    const uint32_t bridge = if_nametoindex(spec_.network->bridge.c_str());
    if (bridge == 0) {
      return fail("find the bridge", spec_.network->bridge);
    }
    VethOptions veth;
    veth.name = spec_.network->link;
    veth.bridge_index = bridge;
    veth.guest_netns_fd = netns.get();
    veth.guest_name = "eth0";
    veth.guest_mac = spec_.network->mac;
    BERTH_TRY(netlink->create_veth(veth));
    // Of a run whose supervisor was killed: nothing leads to it, and the rate that it has would be taken for
    // ours.
    if (const unsigned stale = if_nametoindex(shaper_of(veth.name).c_str()); stale != 0) {
      BERTH_TRY(netlink->delete_link(stale));
    }
    const NetworkLimits& limits = spec_.network_limits;
    if (limits.receive_bytes >= 0 || limits.transmit_bytes >= 0) {
      BERTH_TRY(set_link_rates(*netlink, veth.name, {limits.receive_bytes, limits.transmit_bytes}));
    }
  }
  return tell_init(Message::kLinked);
}

// By now init has most likely set up its end.
Status Guest::raise_link() const {
  if (!spec_.network) {
    return ok();
  }
  auto netlink = Netlink::open();
  if (!netlink) {
    return netlink.error();
  }
  auto index = netlink->index_of(spec_.network->link);
  return index ? netlink->set_up(*index) : Status(index.error());
}

Status Guest::make_root() {
  Fd user_namespace;
  if (!with_host(spec_, "user")) {
    const std::string path = "/proc/" + to_text(init_pid_) + "/ns/user";
    user_namespace = Fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!user_namespace.valid()) {
      return fail("open", path);
    }
  }
  auto root = build_root({spec_, lenders_, init_.get(), user_namespace.get(), root_id_, kept_empty_folder()});
  if (!root) {
    return root.error();
  }
  root_ = std::move(*root);
  return hooks_around_root();
}

Status Guest::hand_root() {
  for (const auto& [target, mount] : root_.inside) {
    BERTH_TRY(tell_init(Message::kMount, mount.get(), target));
  }
  BERTH_TRY(raise_link());
  BERTH_TRY(tell_init(Message::kRoot, root_.top.get()));
  spent_ = std::move(root_.spent);
  layers_ = std::move(root_.layers);
  overlay_ = std::move(root_.top);
  root_ = {};
  lenders_.clear();
  return ok();
}

// Init has a copy of its own by now; ours ends when the last process leaves it.
Status Guest::leave_mounts() {
  spent_.clear();
  if (!host_mounts_.valid()) {
    return ok();
  }
  if (setns(host_mounts_.get(), CLONE_NEWNS) != 0) {
    return fail("setns", "mnt");
  }
  host_mounts_.reset();
  return ok();
}

Status Guest::write_state(const std::string& spec_text) {
  auto boot = boot_id();
  if (!boot) {
    return boot.error();
  }
  BERTH_TRY(replace_file(run_dir_.get(), wire::kSpecFile, spec_text, 0600));
  const std::string state =
      encode_entries({{"version", to_text(wire::kVersion)},
                      {"init_pid", to_text(init_pid_)},
                      {"init_start_time", to_text(static_cast<int64_t>(init_start_time_))},
                      {"boot_id", *boot},
                      {"supervisor_pid", to_text(getpid())},
                      {"started_at_ms", to_text(static_cast<int64_t>(wall_clock_ms()))}});
  return replace_file(run_dir_.get(), wire::kStateFile, state, 0600);
}

// From before init's program on; read once the guest runs. Before the layers of its root are mounted: beside
// them no file of the host's root can be made (EOVERFLOW).
Status Guest::learn_calls() {
  if (spec_.learn.empty()) {
    return ok();
  }
  auto learner = Learner::open(spec_);
  if (!learner) {
    return learner.error();
  }
  learner_.emplace(std::move(*learner));
  return ok();
}

Status Guest::open_holder() {
  HolderOptions options;
  options.dir = run_dir_.get();
  options.on_stop = [this](bool force, uint32_t timeout_ms) { stop(force, timeout_ms); };
  options.on_memory = [this](std::string_view order) { return events_ && events_->obey(order); };
  auto holder = Holder::open(std::move(options));
  if (!holder) {
    return holder.error();
  }
  holder_ = std::move(*holder);
  auto terminal = expect_message(channel_.parent.get(), Message::kTerminal);
  if (!terminal) {
    return terminal.error();
  }
  return holder_->hold(std::move(terminal->fd), init_pid_);
}

// The child's end closes at exec, or when it dies: a death before exec is told apart by its exit.
Status Guest::wait_exec() {
  auto gone = expect_message(channel_.parent.get(), Message::kGone);
  if (!gone) {
    return gone.error();
  }
  channel_.parent.reset();
  return ok();
}

}  // namespace berth
