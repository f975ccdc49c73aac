// What the kernel does to the guest, told to whoever monitors it, and what becomes of a guest whose memory is
// full. Nothing is polled: v2's memory.events, pids.events and cgroup.events notify, v1's memory.oom_control
// has an eventfd. What neither tells (throttling; v1's pids) the server looks at, for all guests at once.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "cgroup.h"
#include "fd.h"
#include "holder.h"

namespace berth {

// What happens when memory runs out.
enum class OutOfMemory { kKillOne, kKillAll, kFreeze };

class Events {
 public:
  struct Options {
    OutOfMemory out_of_memory = OutOfMemory::kKillOne;
    std::function<void()> on_memory_full;  // it waits now, or not any more
  };

  Events(const Cgroup& cgroup, Holder& holder, Options options)
      : cgroup_(cgroup), holder_(holder), options_(std::move(options)) {}
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;
  ~Events();

  Status watch();
  // Before the group goes: tell what there still is, then hear of nothing any more.
  void end();
  // An order of the server (protocol/README.md, frame M); false: it is none.
  bool obey(std::string_view order);
  // A guest that waits for memory could not stop.
  void let_go();
  bool memory_full() const { return memory_full_; }
  // Whether what ends now ends because memory ran out.
  bool out_of_memory() const;

 private:
  // Counts only grow. The first one is told at once, what follows soon is told together.
  struct Counter {
    const char* kind;
    uint64_t told = 0, seen = 0, quiet_until = 0;
  };

  Status watch_file(Fd& file, const char* controller, const char* name, void (Events::*look)());
  void look_at_group();
  void look_at_pids();
  void look_at_memory();
  void look_at_memory_v1();
  void note(Counter& counter, uint64_t value);
  void wake_in(uint64_t micros);
  void on_timer();
  void forget(Fd& file);
  bool is_full_v2() const;
  void wait_for_memory();
  void go_on();
  bool high_is_ours() const;
  bool kill_one();
  bool kill_one_v1();
  bool kill_one_v2();
  void set_kills_v1(bool kills) const;

  const Cgroup& cgroup_;
  Holder& holder_;
  Options options_;
  Fd group_, pids_, memory_, timer_;
  Counter kills_ = {"oom-kill"}, high_ = {"memory-high"}, refused_ = {"pids-refused"};
  bool frozen_ = false, memory_full_ = false, killed_all_ = false;
  int looks_left_ = 0;  // for a kill that v1 has announced but not yet counted
  uint64_t killed_at_ = 0;
  uint64_t chosen_ = 0;  // killed on v2 by order: the kernel's count has not these
};

}  // namespace berth
