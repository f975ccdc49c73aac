#include "beside.h"

#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

namespace berth {

constexpr size_t kStackBytes = 256UL * 1024;  // netlink's buffer has 32 KiB; touched is what is used
constexpr size_t kGuardBytes = 4096;

Beside::Beside(std::function<Status()> work) : work_(std::move(work)) {
  void* const stack =
      mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) {
    failed_ = fail("mmap");
    return;
  }
  stack_ = stack;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  auto* const lowest = static_cast<char*>(stack_) + kGuardBytes;
  int code = mprotect(stack_, kGuardBytes, PROT_NONE) == 0 ? 0 : errno;
  code = code != 0 ? code : pthread_attr_setstack(&attributes, lowest, kStackBytes - kGuardBytes);
  code = code != 0 ? code : pthread_create(&thread_, &attributes, &Beside::run, this);
  pthread_attr_destroy(&attributes);
  running_ = code == 0;
  if (code != 0) {
    failed_ = fail_with(code, "start a thread");
  }
}

Beside::~Beside() {
  wait();
  if (stack_ != nullptr) {
    munmap(stack_, kStackBytes);
  }
}

void* Beside::run(void* self) {
  auto* const beside = static_cast<Beside*>(self);
  Status done = unshare(CLONE_FS) == 0 ? beside->work_() : Status(fail("unshare"));
  if (!done) {
    beside->failed_ = done.error();
  }
  return nullptr;
}

void Beside::wait() {
  if (running_) {
    pthread_join(thread_, nullptr);
    running_ = false;
  }
}

Status Beside::finish() {
  wait();
  return failed_ ? Status(Error(*failed_)) : ok();
}

}  // namespace berth
