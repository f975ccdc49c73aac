// A running guest: its console, its stop, its end.
#include <fcntl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <ctime>

#include "guest.h"
#include "init_name.h"
#include "link_rates.h"
#include "netlink.h"
#include "sys.h"

namespace berth {

constexpr uint64_t kLinkMicros = 5'000'000;  // under load even the end of a link takes its time
constexpr timespec kLinkPause = {0, 50'000};

Guest::~Guest() {
  if (init_pid_ > 0) {
    (void)clean();
  }
  if (cgroup_) {
    (void)cgroup_->remove();
  }
  hooks_after_stop();
  holder_.reset();
  if (run_dir_.valid()) {
    forget_files(true);
  }
  if (made_run_dir_ && run_dir_.valid()) {
    rmdir(spec_.run_dir.c_str());
  }
}

void Guest::forget_files(bool all) {
  for (const char* name : {wire::kStateFile, wire::kSpecFile}) {
    // Giving their blocks back takes ms on a disk that discards; held open, they go when this process ends.
    spent_.emplace_back(openat(run_dir_.get(), name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
    unlinkat(run_dir_.get(), name, 0);
  }
  if (all) {
    unlinkat(run_dir_.get(), wire::kSocketFile, 0);
    unlinkat(run_dir_.get(), wire::kRingFile, 0);
  }
}

Status Guest::watch_signals() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGTERM);
  sigaddset(&wanted, SIGINT);
  signals_ = Fd(signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals_.valid()) {
    return fail("signalfd");
  }
  timer_ = Fd(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!timer_.valid()) {
    return fail("timerfd_create");
  }
  BERTH_TRY(holder_->watch(signals_.get(), [this] {
    signalfd_siginfo info = {};
    if (read(signals_.get(), &info, sizeof info) > 0) {
      stop(false, spec_.stop_timeout_ms);
    }
  }));
  return holder_->watch(timer_.get(), [this] {
    uint64_t expired = 0;
    if (read(timer_.get(), &expired, sizeof expired) > 0) {
      kill_init();
    }
  });
}

Status Guest::watch_events() {
  Events::Options options;
  if (spec_.out_of_memory != "kill-one") {
    options.out_of_memory = spec_.out_of_memory == "freeze" ? OutOfMemory::kFreeze : OutOfMemory::kKillAll;
  }
  options.on_memory_full = [this] { save_memory_full(); };
  if (learner_ && learner_->fd() >= 0) {
    BERTH_TRY(holder_->watch(learner_->fd(), [this] { learner_->read_records(Learner::kMostAtOnce); }));
  }
  events_ = std::make_unique<Events>(*cgroup_, *holder_, std::move(options));
  return events_->watch();
}

// For a server that comes back.
void Guest::save_memory_full() {
  auto text = read_file(spec_.run_dir + "/" + wire::kStateFile);
  auto entries = text ? parse_entries(*text) : Result<Entries>(text.error());
  if (!entries) {
    return;
  }
  entries->erase(std::remove_if(entries->begin(), entries->end(),
                                [](const auto& entry) { return entry.first == "memory_full"; }),
                 entries->end());
  if (events_->memory_full()) {
    entries->emplace_back("memory_full", "1");
  }
  (void)replace_file(run_dir_.get(), wire::kStateFile, encode_entries(*entries), 0600);
}

Status Guest::run() {
  BERTH_TRY(watch_signals());
  BERTH_TRY(watch_events());
  shed_memory();
  BERTH_TRY(holder_->watch(init_.get(), [this] {
    // It stays readable: the loop would turn without a pause for as long as a client reads on.
    holder_->unwatch(init_.get());
    holder_->drain();
    Exit exit = clean();
    if (learner_ && learner_->fd() >= 0) {
      learner_->read_records(Learner::kMostAtEnd);
    }
    exit.console_end = holder_->printed();
    hooks_after_stop();
    forget_files(false);
    (void)replace_file(run_dir_.get(), wire::kExitFile, encode_exit_file(exit), 0600);
    made_run_dir_ = false;
    holder_->finish(exit);
    run_dir_.reset();  // unlocks: the guest may start again while a slow client still reads here
    let_overlay_go();
  }));
  return holder_->run();
}

// Who leaves an overlay last writes back all that waits to be written on the disk of its layers, whosever it
// is (ovl_sync_fs), and would be init: its end would wait for that. So we are the last, once the end is told.
// The next start waits for the layers.
void Guest::let_overlay_go() {
  writing_back_.emplace([this] {
    overlay_.reset();
    layers_.reset();
    return ok();
  });
}

// A signal that init neither catches nor waits for is dropped by the kernel, as init is the first of its pid
// namespace.
bool Guest::init_catches(int signal_number) const {
  auto status = read_file("/proc/" + to_text(init_pid_) + "/status", 65536);
  if (!status) {
    return false;
  }
  for (const char* set : {"\nSigCgt:\t", "\nSigBlk:\t"}) {
    const size_t at = status->find(set);
    uint64_t mask = 0;
    if (at != std::string::npos) {
      const char* text = status->data() + at + 9;
      std::from_chars(text, text + 16, mask, 16);
    }
    if ((mask >> (signal_number - 1) & 1) != 0) {
      return true;
    }
  }
  // While a process sleeps in sigtimedwait(2), as BusyBox's init does, the kernel takes what it waits for out
  // of the blocked set: only the call itself tells (proc_pid_syscall(5)).
  auto call = read_file("/proc/" + to_text(init_pid_) + "/syscall", 256);
  long number = -1;
  if (call) {
    const std::string& text = *call;
    std::from_chars(text.data(), text.data() + text.size(), number);
  }
  return number == SYS_rt_sigtimedwait;
}

void Guest::stop(bool force, uint32_t timeout_ms) {
  if (init_pid_ < 0) {
    return;
  }
  if (events_) {
    events_->let_go();
  }
  (void)cgroup_->freeze(false);  // a frozen guest could neither hear the signal nor die
  if (force || (owns(spec_, "pid") && !init_catches(spec_.stop_signal))) {
    kill_init();
    return;
  }
  syscall(SYS_pidfd_send_signal, init_.get(), spec_.stop_signal, nullptr, 0);
  const uint32_t limit = timeout_ms == 0 ? 1 : timeout_ms;
  itimerspec when = {};
  when.it_value.tv_sec = limit / 1000;
  when.it_value.tv_nsec = static_cast<long>(limit % 1000) * 1'000'000;
  timerfd_settime(timer_.get(), 0, &when, nullptr);
}

void Guest::kill_init() {
  killed_ = true;
  (void)cgroup_->freeze(false);
  syscall(SYS_pidfd_send_signal, init_.get(), SIGKILL, nullptr, 0);
}

// The signal that ended the command of a minimal init, which can end by none itself: it leaves it in its
// name.
static int signal_told_by(int pid) {
  auto name = read_file("/proc/" + to_text(pid) + "/comm", 64);
  if (!name || name->rfind(kInitSignalled, 0) != 0) {
    return 0;
  }
  name->erase(name->find_last_not_of('\n') + 1);
  const auto number = parse_number(std::string_view(*name).substr(strlen(kInitSignalled)));
  return number && *number < NSIG ? static_cast<int>(*number) : 0;
}

Exit Guest::how_it_ended(int wait_status, int told_signal) const {
  Exit exit = exit_of(wait_status);
  if (told_signal > 0 && !exit.signalled) {
    exit.signalled = true;
    exit.status = told_signal;
  }
  auto kills = cgroup_ ? cgroup_->oom_kills() : Result<uint64_t>(uint64_t{0});
  // The group counts every process that memory ran out for; init may have outlived them all for long.
  const bool memory = events_ ? events_->out_of_memory() : kills && *kills > 0;
  exit.out_of_memory = !killed_ && exit.signalled && exit.status == SIGKILL && memory;
  return exit;
}

// Init has ended, or must: wait for it, which is for its whole pid namespace, and give back what the guest
// held.
Exit Guest::clean() {
  syscall(SYS_pidfd_send_signal, init_.get(), SIGKILL, nullptr, 0);
  (void)bear_on_host();  // without threads the network namespace sees to the link
  delete_link();
  int told = 0;
  if (!spec_.init.empty()) {
    siginfo_t info = {};
    while (waitid(P_PID, static_cast<id_t>(init_pid_), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
    }
    told = signal_told_by(init_pid_);
  }
  int status = 0;
  while (waitpid(init_pid_, &status, 0) < 0 && errno == EINTR) {
  }
  init_pid_ = -1;
  if (cgroup_ && !owns(spec_, "pid")) {
    (void)cgroup_->kill();  // its end was nobody else's
  }
  if (events_) {
    events_->end();
  }
  const Exit exit = how_it_ended(status, told);
  events_.reset();
  if (cgroup_) {
    (void)cgroup_->remove();
    cgroup_.reset();
  }
  wait_for_link_gone();
  return exit;
}

// The end of the network namespace takes the link along, but some 20 ms later. Deleting it takes as long,
// while the name, the port and the address are free after the first: so a thread does it, and nobody waits
// for its end.
void Guest::delete_link() {
  if (!spec_.network) {
    return;
  }
  // By their numbers: when the thread comes to it, the guest may have been started again with links of these
  // names.
  const std::string& link = spec_.network->link;
  links_ = {
      if_nametoindex(link.c_str()),
      if_nametoindex(shaper_of(link).c_str()),  // made at the start or since, or not there
  };
  deleting_link_.emplace([links = links_]() -> Status {
    auto netlink = Netlink::open();
    if (!netlink) {
      return netlink.error();  // the network namespace sees to it
    }
    for (const unsigned index : links) {
      if (index != 0) {
        (void)netlink->delete_link(index);
      }
    }
    return ok();
  });
}

void Guest::wait_for_link_gone() {
  if (!spec_.network) {
    return;
  }
  const uint64_t until = monotonic_micros() + kLinkMicros;
  const std::string& link = spec_.network->link;
  const std::string shaper = shaper_of(link);
  const auto wait_for = [until](const std::string& name) {
    while (if_nametoindex(name.c_str()) != 0 && monotonic_micros() < until) {
      nanosleep(&kLinkPause, nullptr);
    }
  };
  wait_for(link);
  // Who limited the link while it ended has made a shaper that delete_link() did not see. The run folder is
  // locked still: it cannot be another run's.
  if (const unsigned late = if_nametoindex(shaper.c_str()); late != 0 && late != links_[1]) {
    if (auto netlink = Netlink::open()) {
      (void)netlink->delete_link(late);
    }
  }
  wait_for(shaper);
}

}  // namespace berth
