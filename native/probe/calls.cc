// System calls by each entry, with arguments that all of them can hold.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "acts.h"
#include "call_numbers.h"

namespace berth::probe {
namespace {

constexpr long kX32 = 0x40000000;
constexpr size_t kPage = 4096;

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

long argument(const Argument& one) {
  return one.text ? low_page(*one.text) : one.value;
}

#ifdef __x86_64__
// In the kernel's own way: an errno below zero.
long call_i386(long number, const long* a) {
  long result = number;
  // The sixth goes into the base pointer, which the compiler keeps for itself: no call here needs it.
  __asm__ volatile("int $0x80"
                   : "+a"(result)
                   : "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4])
                   : "memory", "r8", "r9", "r10", "r11");
  return static_cast<int>(result);  // eax
}
#endif

long call(const std::string& entry, long number, const long* a) {
#ifdef __x86_64__
  if (entry == "i386") {
    const long result = call_i386(number, a);
    if (result < 0 && result > -4096) {
      errno = static_cast<int>(-result);
      return -1;
    }
    return result;
  }
#endif
  const long shown = entry == "x32" ? number | kX32 : number;
  return syscall(shown, a[0], a[1], a[2], a[3], a[4], a[5]);
}

long number_by(const std::string& entry, const std::string& word) {
  for (const CallNumbers& one : kCallNumbers) {
    if (word == one.name) {
      return entry == "i386" ? one.i386 : entry == "x32" ? one.x32 : one.native;
    }
  }
  char* end = nullptr;
  const long value = strtol(word.c_str(), &end, 0);
  return end != word.c_str() && *end == '\0' && value < kX32 ? value : -1;
}

bool has_entry(const std::string& entry) {
#ifdef __x86_64__
  return entry == "64" || entry == "i386" || entry == "x32";
#else
  return entry == "64";
#endif
}

}  // namespace

std::string read_call(const Words& words, Call& call) {
  if (words.size() < 3) {
    return "too few words";
  }
  call.entry = words[1];
  if (!has_entry(call.entry)) {
    return "no such entry";
  }
  call.number = number_by(call.entry, words[2]);
  if (call.number < 0) {
    return "no such call";
  }
  for (size_t i = 3; i < words.size() && i - 3 < kArguments; i++) {
    const std::string& word = words[i];
    Argument& one = call.arguments.at(i - 3);
    if (word == "&") {
      one.text = "";
    } else if (word[0] == '=') {
      one.text = word.substr(1);
    } else {
      one.value = static_cast<long>(strtoull(word.c_str(), nullptr, 0));
    }
  }
  return "";
}

std::string make_call(const Words& words) {
  Call one;
  std::string unclear = read_call(words, one);
  if (!unclear.empty()) {
    return unclear;
  }
  long a[kArguments] = {};
  for (size_t i = 0; i < kArguments; i++) {
    a[i] = argument(one.arguments.at(i));
  }
  const long result = call(one.entry, one.number, a);
  if (words[2] == "clone" && result == 0) {
    _exit(0);  // the child that should not be
  }
  return outcome(result);
}

}  // namespace berth::probe
