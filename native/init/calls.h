// System calls without a C library, and where the kernel begins a program: init runs in every application
// guest, and a C library's start (it asks the processor about itself, each time a trap in a virtual machine)
// costs ten times what init does, in time and in memory. A negative result is an errno.
#pragma once

#include <sys/syscall.h>

namespace berth {

#if defined(__x86_64__)
inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0) {
  long result = 0;
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
               : "rcx", "r11", "memory");
  return result;
}
#define BERTH_START(function)                                    \
  asm(".globl _start\n_start:\nxor %ebp, %ebp\nmov %rsp, %rdi\n" \
      "and $-16, %rsp\ncall " #function "\nhlt\n")
#elif defined(__aarch64__)
inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0) {
  register long x8 asm("x8") = number;
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  register long x3 asm("x3") = d;
  register long x4 asm("x4") = e;
  asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
  return x0;
}
#define BERTH_START(function) \
  asm(".globl _start\n_start:\nmov x29, #0\nmov x30, #0\nmov x0, sp\nb " #function "\n")
#endif

inline long address(const void* at) {
  return reinterpret_cast<long>(at);
}

[[noreturn]] inline void leave(int status) {
  for (;;) {
    call(SYS_exit_group, status);
  }
}

}  // namespace berth
