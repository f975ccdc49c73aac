// Starting a guest: a flat list of named steps.
#include <fcntl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <ctime>

#include "guest.h"
#include "guest_mounts.h"
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
  BERTH_TRY(make_link());
  report.step("link");
  BERTH_TRY(hooks_before_root(spec_text));
  BERTH_TRY(make_root());
  report.step("root");
  BERTH_TRY(write_state(spec_text));
  BERTH_TRY(learn_calls());
  BERTH_TRY(open_holder());
  report.step("console");
  if (settles(spec_)) {
    BERTH_TRY(settle());
    report.step("settle");
  }
  BERTH_TRY(wait_exec());
  report.step("exec");
  hooks_after_start(report);
  report.ready(init_pid_, init_start_time_, getpid());
  return ok();
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

Status Guest::make_cgroup() {
  Limits limits = spec_.limits;
  limits.kill_all = spec_.out_of_memory == "kill-all";
  auto cgroup = Cgroup::create(layout_, spec_.cgroup, limits, device_rules(spec_));
  if (!cgroup) {
    return cgroup.error();
  }
  cgroup_ = std::move(*cgroup);
  return spec_.system ? cgroup_->delegate(root_id_, root_id_) : ok();
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
    auto program = read_only_mount(spec_.init);
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

// A child that failed has closed its end: what it said before is the reason.
Status Guest::tell_init(Message message, int fd, const std::string& payload) {
  auto sent = send_message(channel_.parent.get(), message, payload, fd);
  if (sent) {
    return sent;
  }
  auto reason = expect_message(channel_.parent.get(), Message::kGone);
  return reason ? sent : Status(reason.error());
}

Status Guest::map_ids() {
  if (owns(spec_, "user")) {
    const std::string map = id_map_text(spec_);
    const std::string folder = "/proc/" + to_text(init_pid_);
    BERTH_TRY(write_into(AT_FDCWD, folder + "/gid_map", map));
    BERTH_TRY(write_into(AT_FDCWD, folder + "/uid_map", map));
  }
  return tell_init(Message::kMapped);
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
    const NetworkLimits& limits = spec_.network_limits;
    if (limits.receive_bytes >= 0 || limits.transmit_bytes >= 0) {
      BERTH_TRY(set_link_rates(*netlink, veth.name, {limits.receive_bytes, limits.transmit_bytes}));
    }
  }
  return tell_init(Message::kLinked);
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
  auto root = build_root({spec_, lenders_, init_.get(), user_namespace.get(), root_id_});
  if (!root) {
    return root.error();
  }
  BERTH_TRY(hooks_around_root());
  for (const auto& [target, mount] : root->inside) {
    BERTH_TRY(tell_init(Message::kMount, mount.get(), target));
  }
  BERTH_TRY(tell_init(Message::kRoot, root->top.get()));
  // The child has its own copy when it takes the next step; ours ends when the last process leaves it.
  root->top.reset();
  lenders_.clear();
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

// From before init's program on; read once the guest runs.
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
