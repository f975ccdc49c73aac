// Lists of system calls (protocol/seccomp/common.txt) and the program that is made of them.
#include <linux/seccomp.h>

#include <cstring>
#include <set>
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

namespace {

using Program = std::vector<sock_filter>;

bool hits(const sock_filter& test, uint32_t value) {
  switch (BPF_OP(test.code)) {
    case BPF_JEQ:
      return value == test.k;
    case BPF_JGT:
      return value > test.k;
    case BPF_JGE:
      return value >= test.k;
    default:
      return (value & test.k) != 0;
  }
}

// What the kernel would do with a call.
uint32_t answer_of(const Program& program, const seccomp_data& call) {
  uint32_t value = 0;
  for (size_t at = 0;; ++at) {
    const sock_filter& one = program.at(at);
    switch (BPF_CLASS(one.code)) {
      case BPF_RET:
        return one.k;
      case BPF_LD:
        memcpy(&value, reinterpret_cast<const char*>(&call) + one.k, sizeof value);
        break;
      case BPF_ALU:
        value &= one.k;
        break;
      default:
        at += BPF_OP(one.code) == BPF_JA ? one.k : hits(one, value) ? one.jt : one.jf;
    }
  }
}

// The numbers that a program compares with, and those beside them.
std::set<uint32_t> values_in(const Program& program) {
  std::set<uint32_t> values = {0};
  for (const sock_filter& one : program) {
    if (BPF_CLASS(one.code) == BPF_JMP && BPF_OP(one.code) != BPF_JA) {
      values.insert({one.k - 1, one.k, one.k + 1});
    }
  }
  return values;
}

// Of each ABI that the program knows, and of one that none does.
void compare(const Program& tree, const Program& linear) {
  std::set<uint32_t> abis = {0};
  for (const sock_filter& one : linear) {
    if (one.code == (BPF_JMP | BPF_JEQ | BPF_K) && one.k >= 0x40000000) {
      abis.insert(one.k);
    }
  }
  const std::set<uint32_t> values = values_in(linear);
  size_t at = 0;
  for (const uint32_t abi : abis) {
    for (const uint32_t number : values) {
      seccomp_data call = {};
      call.nr = static_cast<int>(number);
      call.arch = abi;
      for (int round = 0; round < 4; ++round) {
        berth::fuzz::promise(answer_of(tree, call) == answer_of(linear, call), "both shapes answer the same");
        for (auto& argument : call.args) {
          argument = *std::next(values.begin(), static_cast<long>(at++ % values.size()));
        }
      }
    }
  }
}

}  // namespace

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
    compare(program, seccomp::program_of(lists, seccomp::Shape::kLinear));
  } catch (const std::runtime_error&) {
    // refused
  }
  return 0;
}
