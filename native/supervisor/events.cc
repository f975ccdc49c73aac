#include "events.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "sys.h"

namespace berth {
namespace {

constexpr uint64_t kQuietMicros = 3'000'000;
constexpr uint64_t kLookMicros = 5'000;  // v1 tells before it kills
constexpr int kLooks = 100;
constexpr uint64_t kBlameMicros = 2'000'000;  // an end so soon after a kill is its doing

// The value of KEY in "key value" lines of a file that notifies: it must be read from the same descriptor.
uint64_t value_of(const std::string& text, std::string_view key) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    if (line.size() > key.size() && line[key.size()] == ' ' && line.substr(0, key.size()) == key) {
      return parse_number(line.substr(key.size() + 1)).value_or(0);
    }
    at = end + 1;
  }
  return 0;
}

std::string read_again(const Fd& file) {
  std::array<char, 512> text;
  const ssize_t got = file.valid() ? pread(file.get(), text.data(), text.size(), 0) : -1;
  return got > 0 ? std::string(text.data(), static_cast<size_t>(got)) : std::string();
}

}  // namespace

Events::~Events() {
  end();
}

Status Events::watch_file(Fd& file, const char* controller, const char* name, void (Events::*look)()) {
  auto opened = cgroup_.open_file(controller, name);
  if (!opened) {
    return ok();  // this kernel has none
  }
  file = std::move(*opened);
  BERTH_TRY(holder_.watch(
      file.get(), [this, look] { (this->*look)(); }, true));
  (this->*look)();  // what came before; and from here on there is something newer than what was read
  return ok();
}

Status Events::watch() {
  BERTH_TRY(watch_file(group_, "", "cgroup.events", &Events::look_at_group));
  if (cgroup_.in_v2("pids")) {  // v1's file does not notify since Linux 6.11: the server looks at it
    BERTH_TRY(watch_file(pids_, "pids", "pids.events", &Events::look_at_pids));
  }
  if (!cgroup_.in_v1("memory")) {
    return watch_file(memory_, "memory", "memory.events", &Events::look_at_memory);
  }
  set_kills_v1(options_.out_of_memory != OutOfMemory::kFreeze);
  auto ran_out = cgroup_.watch_memory_v1();
  if (!ran_out) {
    return ran_out.error();
  }
  memory_ = std::move(*ran_out);
  BERTH_TRY(holder_.watch(memory_.get(), [this] { look_at_memory_v1(); }));
  look_at_memory_v1();
  return ok();
}

void Events::forget(Fd& file) {
  if (file.valid()) {
    holder_.unwatch(file.get());
    file.reset();
  }
}

void Events::end() {
  if (memory_.valid()) {
    kills_.quiet_until = 0;
    auto kills = cgroup_.oom_kills();
    if (kills) {
      note(kills_, *kills + chosen_);
    }
  }
  for (Fd* file : {&group_, &pids_, &memory_, &timer_}) {
    forget(*file);
  }
}

bool Events::out_of_memory() const {
  return killed_all_ || (killed_at_ != 0 && monotonic_micros() - killed_at_ < kBlameMicros);
}

void Events::look_at_group() {
  const bool frozen = value_of(read_again(group_), "frozen") == 1;
  if (frozen == frozen_) {
    return;
  }
  frozen_ = frozen;
  if (memory_full_ && frozen) {
    return;  // told as memory-full
  }
  if (memory_full_) {
    memory_full_ = false;
    options_.on_memory_full();
  }
  holder_.tell(frozen ? "frozen" : "thawed");
}

void Events::look_at_pids() {
  note(refused_, value_of(read_again(pids_), "max"));
}

void Events::look_at_memory() {
  const std::string events = read_again(memory_);
  note(kills_, value_of(events, "oom_kill") + chosen_);
  const uint64_t high = value_of(events, "high");
  const bool grew = high > high_.seen;
  if (grew && high_is_ours()) {
    high_.seen = high_.told = high;
  }
  note(high_, high);
  if (grew && options_.out_of_memory == OutOfMemory::kFreeze && !memory_full_ && is_full_v2()) {
    wait_for_memory();
  }
}

// v1 tells that memory ran out, then kills somebody, then counts: look again until it has.
void Events::look_at_memory_v1() {
  uint64_t times = 0;
  if (read(memory_.get(), &times, sizeof times) <= 0) {
    times = 0;
  }
  auto control = cgroup_.read_file("memory", "memory.oom_control");
  if (!control) {
    return;
  }
  if (options_.out_of_memory == OutOfMemory::kFreeze && !memory_full_ &&
      value_of(*control, "under_oom") == 1) {
    wait_for_memory();
    return;
  }
  const uint64_t before = kills_.seen;
  note(kills_, value_of(*control, "oom_kill"));
  if (options_.out_of_memory == OutOfMemory::kKillAll && (times > 0 || kills_.seen > before)) {
    killed_all_ = true;
    (void)cgroup_.kill();
    return;
  }
  if (times > 0) {
    looks_left_ = kLooks;
  }
  if (kills_.seen == before && looks_left_ > 0) {
    --looks_left_;
    wake_in(kLookMicros);
  } else {
    looks_left_ = 0;
  }
}

void Events::note(Counter& counter, uint64_t value) {
  const uint64_t now = monotonic_micros();
  if (&counter == &kills_ && value > counter.seen) {
    killed_at_ = now;
  }
  counter.seen = std::max(counter.seen, value);
  if (counter.seen <= counter.told) {
    return;
  }
  if (now < counter.quiet_until) {
    wake_in(counter.quiet_until - now);
    return;
  }
  holder_.tell(std::string(counter.kind) + " " + to_text(static_cast<int64_t>(counter.seen - counter.told)));
  counter.told = counter.seen;
  counter.quiet_until = now + kQuietMicros;
}

// Sooner if it was to be sooner: whoever is woken looks at everything.
void Events::wake_in(uint64_t micros) {
  if (!timer_.valid()) {
    timer_ = Fd(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!timer_.valid() || !holder_.watch(timer_.get(), [this] { on_timer(); })) {
      timer_.reset();
      return;
    }
  }
  itimerspec when = {};
  timerfd_gettime(timer_.get(), &when);
  const uint64_t left = static_cast<uint64_t>(when.it_value.tv_sec) * 1'000'000 +
                        static_cast<uint64_t>(when.it_value.tv_nsec) / 1000;
  if (left != 0 && left <= micros) {
    return;
  }
  when = {};
  when.it_value.tv_sec = static_cast<time_t>(micros / 1'000'000);
  when.it_value.tv_nsec = static_cast<long>(micros % 1'000'000) * 1000 + 1;
  timerfd_settime(timer_.get(), 0, &when, nullptr);
}

void Events::on_timer() {
  forget(timer_);
  note(refused_, refused_.seen);
  note(high_, high_.seen);
  note(kills_, kills_.seen);
  if (memory_.valid() && cgroup_.in_v1("memory")) {
    look_at_memory_v1();
  }
}

}  // namespace berth
