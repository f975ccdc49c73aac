// Lists of system calls (protocol/seccomp/common.txt) and the program that is made of them.
#include <sstream>
#include <stdexcept>

#include "fuzz.h"
#include "seccomp_lists.h"
#include "seccomp_program.h"

// Making a program takes a millisecond and more: of long lists only the reading is tried.
constexpr size_t kMostRules = 24;

void berth::seccomp::die(const std::string& message) {
  throw std::runtime_error(message);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace berth;
  const std::string text(fuzz::bytes_of(data, size));
  try {
    auto lists = seccomp::empty_lists();
    std::istringstream lines(text);
    seccomp::read_list(lines, lists);
    if (lists.rules.size() > kMostRules || lists.never.size() > kMostRules) {
      return 0;
    }
    const auto program = seccomp::program_of(lists);
    fuzz::promise(!program.empty() && program.size() <= BPF_MAXINSNS, "a program has a length");
    // Each jump leads to an instruction, and the last one answers: as the kernel's own check asks
    // (bpf_check_classic).
    for (size_t at = 0; at < program.size(); ++at) {
      const sock_filter& one = program[at];
      if (BPF_CLASS(one.code) == BPF_JMP) {
        const size_t far = BPF_OP(one.code) == BPF_JA ? one.k : std::max(one.jt, one.jf);
        fuzz::promise(far < program.size() - at - 1, "a jump stays in the program");
      }
    }
    fuzz::promise(BPF_CLASS(program.back().code) == BPF_RET, "the last instruction answers");
  } catch (const std::runtime_error&) {
    // refused
  }
  return 0;
}
