// System calls by each entry, with arguments that all of them can hold.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "acts.h"

namespace berth::probe {
namespace {

constexpr long kX32 = 0x40000000;
constexpr size_t kPage = 4096;
constexpr size_t kArguments = 6;

// A page below 4 GiB that holds TEXT; 0 when there is none.
long low_page(const std::string& text) {
  void* page = mmap(nullptr, kPage, PROT_READ | PROT_WRITE,
#ifdef MAP_32BIT
                    MAP_32BIT |
#endif
                        MAP_PRIVATE | MAP_ANONYMOUS,
                    -1, 0);
  if (page == MAP_FAILED) {
    return 0;
  }
  memcpy(page, text.data(), std::min(text.size(), kPage - 1));
  return reinterpret_cast<long>(page);
}

long argument(const std::string& word) {
  if (word == "&") {
    return low_page("");
  }
  if (word[0] == '=') {
    return low_page(word.substr(1));
  }
  return static_cast<long>(strtoull(word.c_str(), nullptr, 0));
}

#ifdef __x86_64__
std::string call_i386(long number, const long* a) {
  long result = number;
  // The sixth goes into the base pointer, which the compiler keeps for itself: no call here needs it.
  __asm__ volatile("int $0x80"
                   : "+a"(result)
                   : "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4])
                   : "memory", "r8", "r9", "r10", "r11");
  const auto code = static_cast<int>(result);  // eax
  if (code < 0 && code > -4096) {
    errno = -code;
    return outcome(-1);
  }
  return outcome(0);
}
#endif

}  // namespace

std::string make_call(const Words& words) {
  if (words.size() < 3) {
    return "no such call";
  }
  const std::string& entry = words[1];
  const long number = strtol(words[2].c_str(), nullptr, 0);
  long a[kArguments] = {};
  for (size_t i = 3; i < words.size() && i - 3 < kArguments; i++) {
    a[i - 3] = argument(words[i]);
  }
#ifdef __x86_64__
  if (entry == "i386") {
    return call_i386(number, a);
  }
  const long shown = entry == "x32" ? number | kX32 : number;
#else
  if (entry != "64") {
    return "no such entry";
  }
  const long shown = number;
#endif
  return outcome(syscall(shown, a[0], a[1], a[2], a[3], a[4], a[5]));
}

}  // namespace berth::probe
