#include "close-later.h"

#include <pthread.h>

#include <iterator>
#include <mutex>

namespace berth::addon {
namespace {

constexpr size_t kMostWaiting = 256;  // of a server's descriptors

struct Waiting {
  std::mutex mutex;
  std::vector<Fd> descriptors;
  bool served = false;
};

// Never destroyed: the thread may outlive everything else of this process.
Waiting& waiting() {
  static auto* const all = new Waiting;
  return *all;
}

void* serve(void* /*unused*/) {
  for (;;) {
    std::vector<Fd> taken;
    {
      const std::lock_guard<std::mutex> lock(waiting().mutex);
      taken.swap(waiting().descriptors);
      if (taken.empty()) {
        waiting().served = false;
        return nullptr;
      }
    }
    taken.clear();
  }
}

}  // namespace

void close_later(std::vector<Fd> descriptors) {
  if (descriptors.empty()) {
    return;
  }
  const std::lock_guard<std::mutex> lock(waiting().mutex);
  std::vector<Fd>& all = waiting().descriptors;
  if (all.size() + descriptors.size() > kMostWaiting) {
    return;
  }
  all.insert(all.end(), std::make_move_iterator(descriptors.begin()),
             std::make_move_iterator(descriptors.end()));
  pthread_t thread = {};
  if (!waiting().served && pthread_create(&thread, nullptr, serve, nullptr) == 0) {
    pthread_detach(thread);
    waiting().served = true;
  }
  if (!waiting().served) {
    all.clear();
  }
}

}  // namespace berth::addon
