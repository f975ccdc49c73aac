// A guest whose memory is full, and that stands still until somebody decides.
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "events.h"
#include "sys.h"

namespace berth {
namespace {

constexpr uint64_t kKillMicros = 10'000'000;
constexpr uint64_t kSettleMicros = 100'000;
constexpr timespec kKillPause = {0, 1'000'000};
constexpr int64_t kPage = 4096;

int64_t number_in(const Cgroup& cgroup, const char* name) {
  auto text = cgroup.read_file("memory", name);
  if (!text) {
    return -1;
  }
  text->erase(text->find_last_not_of('\n') + 1);
  const auto value = parse_number(*text);
  return value ? static_cast<int64_t>(*value) : -1;
}

}  // namespace

// v1's oom_kill_disable: who needs memory sleeps until there is some.
void Events::set_kills_v1(bool kills) const {
  (void)cgroup_.write_file("memory", "memory.oom_control", kills ? "0" : "1");
}

// memory.high stops growth a little under memory.max. It is told of whenever the kernel reclaims too: full it
// is when nothing is left to reclaim or to swap out.
bool Events::is_full_v2() const {
  const int64_t max = number_in(cgroup_, "memory.max");
  auto stat = cgroup_.read_file("memory", "memory.stat");
  if (max < 0 || !stat) {
    return false;
  }
  int64_t reclaimable = 0;
  for (const char* key : {"inactive_file", "active_file", "slab_reclaimable"}) {
    const size_t at = stat->find(std::string("\n") + key + " ");
    if (at != std::string::npos) {
      const size_t from = at + 2 + std::string_view(key).size();
      const auto value = parse_number(std::string_view(*stat).substr(from, stat->find('\n', from) - from));
      reclaimable += static_cast<int64_t>(value.value_or(0));
    }
  }
  if (number_in(cgroup_, "memory.current") - reclaimable < max - max / 16) {
    return false;
  }
  const int64_t swap = number_in(cgroup_, "memory.swap.max");
  if (swap == 0) {
    return true;
  }
  auto info = read_file("/proc/meminfo", 65536);
  const size_t at = info ? info->find("SwapFree:") : std::string::npos;
  const bool host_has =
      at != std::string::npos && info->find_first_of("123456789", at) < info->find('\n', at);
  return !host_has || (swap > 0 && number_in(cgroup_, "memory.swap.current") > swap - swap / 16);
}

// Nobody set memory.high, so nobody wants to hear of it: it is Berth's own, a little under the maximum. (Of a
// maximum that was no whole number of pages it is a page off.)
bool Events::high_is_ours() const {
  const int64_t high = number_in(cgroup_, "memory.high");
  const int64_t ours = memory_high_under(number_in(cgroup_, "memory.max"));
  return high < 0 || (ours >= 0 && high >= ours - kPage && high <= ours + kPage);
}

// Not waiting until all stand still: who sleeps for memory on v1 never does.
void Events::wait_for_memory() {
  memory_full_ = true;
  const bool unified = static_cast<bool>(cgroup_.write_file("", "cgroup.freeze", "1"));
  if (!unified) {
    (void)cgroup_.write_file("freezer", "freezer.state", "FROZEN");
  }
  options_.on_memory_full();
  holder_.tell("memory-full");
}

void Events::go_on() {
  if (!memory_full_) {
    return;
  }
  memory_full_ = false;
  frozen_ = false;
  (void)cgroup_.freeze(false);
  options_.on_memory_full();
  holder_.tell("thawed");
  look_at_group();
  if (cgroup_.in_v1("memory")) {
    wake_in(kSettleMicros);  // who still sleeps then was given nothing
  }
}

// v1: let the kernel choose and kill one process. On v2 it would be a write of a lower memory.max, and that
// goes on to the next process when the first has not given back its memory yet.
bool Events::kill_one() {
  return cgroup_.in_v1("memory") ? kill_one_v1() : kill_one_v2();
}

bool Events::kill_one_v1() {
  auto before = cgroup_.oom_kills();
  if (!before) {
    return false;
  }
  (void)cgroup_.freeze(false);  // who sleeps for memory would freeze before it asks again
  set_kills_v1(true);
  const uint64_t until = monotonic_micros() + kKillMicros;
  bool killed = false;
  while (!killed && monotonic_micros() < until) {
    auto now = cgroup_.oom_kills();
    killed = now && *now > *before;
    if (!killed) {
      nanosleep(&kKillPause, nullptr);
    }
  }
  set_kills_v1(options_.out_of_memory != OutOfMemory::kFreeze);
  return killed;
}

// Frozen by v2 it dies at once.
bool Events::kill_one_v2() {
  auto process = cgroup_.largest_process(std::max<int64_t>(0, number_in(cgroup_, "memory.max")));
  if (!process || syscall(SYS_pidfd_send_signal, process->get(), SIGKILL, nullptr, 0) != 0) {
    return false;
  }
  pollfd end = {process->get(), POLLIN, 0};
  (void)poll(&end, 1, kKillMicros / 1000);
  ++chosen_;
  return true;
}

void Events::let_go() {
  if (memory_full_ && cgroup_.in_v1("memory")) {
    set_kills_v1(true);
  }
  options_.out_of_memory = OutOfMemory::kKillOne;
}

bool Events::obey(std::string_view order) {
  if (order == "go-on") {
    go_on();
    return true;
  }
  if (order == "kill") {
    if (memory_full_) {
      (void)kill_one();
      auto kills = cgroup_.oom_kills();
      note(kills_, kills ? *kills + chosen_ : kills_.seen);
      go_on();
    }
    return true;
  }
  if (order == "kill-one") {
    options_.out_of_memory = OutOfMemory::kKillOne;
  } else if (order == "kill-all") {
    options_.out_of_memory = OutOfMemory::kKillAll;
  } else if (order == "freeze") {
    options_.out_of_memory = OutOfMemory::kFreeze;
  } else {
    return false;
  }
  const bool freeze = options_.out_of_memory == OutOfMemory::kFreeze;
  if (cgroup_.in_v1("memory")) {
    set_kills_v1(!freeze);
  }
  if (!freeze) {
    go_on();
  }
  return true;
}

}  // namespace berth
