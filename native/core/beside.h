// Work beside other work: on a machine with two processors a start waits for the slower of both.
#pragma once

#include <pthread.h>

#include <functional>
#include <optional>

#include "result.h"

namespace berth {

// Runs `work` in a thread of its own from here on, with a working directory and root of its own, so that the
// caller may change its mount namespace (setns(2) refuses that to who shares them). Waits for it in the end.
// Neither side may fork or clone a process that goes on without an exec meanwhile.
class Beside {
 public:
  explicit Beside(std::function<Status()> work);
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;
  ~Beside();
  // Wait, and hear how it went; each time the same.
  Status finish();

 private:
  static void* run(void* self);
  void wait();

  std::function<Status()> work_;
  std::optional<Error> failed_;
  void* stack_ = nullptr;  // given back in the end: the C library would keep its own
  pthread_t thread_ = {};
  bool running_ = false;
};

}  // namespace berth
