// Rules of a device whitelist, a line each, and the program made of them: run here, it lets through what a
// rule gives and nothing else. The first four bytes say what is asked for.
#include <array>

#include "device_rules.h"
#include "fuzz.h"

namespace berth {
namespace {

struct Request {
  int type, access;
  int32_t major, minor;
};

// As few instructions as the program has, of eBPF: 64 bits, signed constants.
uint64_t run(const std::vector<bpf_insn>& program, const Request& asked) {
  const std::array<uint32_t, 3> context = {static_cast<uint32_t>(asked.access << 16 | asked.type),
                                           static_cast<uint32_t>(asked.major),
                                           static_cast<uint32_t>(asked.minor)};
  std::array<uint64_t, 11> r = {};
  for (size_t at = 0; at < program.size(); at++) {
    const bpf_insn& one = program[at];
    const auto constant = static_cast<uint64_t>(static_cast<int64_t>(one.imm));
    uint64_t& to = r.at(one.dst_reg);
    switch (one.code) {
      case BPF_LDX | BPF_MEM | BPF_W:
        to = context.at(static_cast<size_t>(one.off) / 4);
        break;
      case BPF_ALU64 | BPF_MOV | BPF_X:
        to = r.at(one.src_reg);
        break;
      case BPF_ALU64 | BPF_MOV | BPF_K:
        to = constant;
        break;
      case BPF_ALU64 | BPF_AND | BPF_K:
        to &= constant;
        break;
      case BPF_ALU64 | BPF_RSH | BPF_K:
        to >>= constant;
        break;
      case BPF_JMP | BPF_JNE | BPF_K:
        fuzz::promise(one.off >= 0, "a jump leads on");
        at += to != constant ? static_cast<size_t>(one.off) : 0;
        break;
      case BPF_JMP | BPF_EXIT:
        return r[0];
      default:
        fuzz::promise(false, "an instruction is one of these");
    }
  }
  fuzz::promise(false, "a program ends with an answer");
  return 0;
}

bool gives(const DeviceRule& rule, const Request& asked) {
  return (rule.type == 0 || rule.type == asked.type) && (asked.access & ~rule.access) == 0 &&
         (rule.major < 0 || rule.major == asked.major) && (rule.minor < 0 || rule.minor == asked.minor);
}

std::string text_of(const DeviceRule& rule) {
  const auto part = [](int32_t value) { return value < 0 ? "*" : std::to_string(value); };
  return std::string(rule.type == BPF_DEVCG_DEV_CHAR    ? "c "
                     : rule.type == BPF_DEVCG_DEV_BLOCK ? "b "
                                                        : "a ") +
         part(rule.major) + ":" + part(rule.minor) + " " + (rule.access & BPF_DEVCG_ACC_READ ? "r" : "") +
         (rule.access & BPF_DEVCG_ACC_WRITE ? "w" : "") + (rule.access & BPF_DEVCG_ACC_MKNOD ? "m" : "");
}

}  // namespace
}  // namespace berth

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace berth;
  if (size < 4) {
    return 0;
  }
  std::vector<DeviceRule> rules;
  std::string_view text = fuzz::bytes_of(data + 4, size - 4);
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto rule = parse_device_rule(line);
    if (!rule) {
      continue;
    }
    fuzz::promise(rule->access > 0 && rule->access <= 7, "a rule gives something");
    // Nothing of it but leading zeros and doubled letters is lost.
    const std::string again = text_of(*rule);
    const auto same = parse_device_rule(again);
    fuzz::promise(same && text_of(*same) == again && line.size() >= again.size(), "a rule is what it says");
    rules.push_back(*rule);
  }
  const auto program = device_program(rules);
  for (const int type : {BPF_DEVCG_DEV_CHAR, BPF_DEVCG_DEV_BLOCK}) {
    for (int access = 1; access <= 7; access++) {
      std::vector<Request> asked = {{type, access, data[0] << 8 | data[1], data[2] << 8 | data[3]}};
      for (const DeviceRule& rule : rules) {
        asked.push_back({type, access, std::max(rule.major, 0), std::max(rule.minor, 0)});
        if (asked.size() == 8) {
          break;
        }
      }
      for (const Request& one : asked) {
        bool given = false;
        for (const DeviceRule& rule : rules) {
          given = given || gives(rule, one);
        }
        fuzz::promise(run(program, one) == (given ? 1U : 0U), "the program does what the rules say");
      }
    }
  }
  return 0;
}
