#include "device_rules.h"

namespace berth {
namespace {

// A number or `*` (-1), then STOP.
bool parse_part(const char*& at, char stop, int32_t& value) {
  if (*at == '*') {
    value = -1;
    at++;
  } else {
    const char* const start = at;
    for (value = 0; *at >= '0' && *at <= '9'; at++) {
      value = value * 10 + (*at - '0');
      if (value > 0xfffff) {
        return false;
      }
    }
    if (at == start) {
      return false;
    }
  }
  return *at++ == stop;
}

bpf_insn instruction(int code, int to, int from, int16_t offset, int32_t value) {
  bpf_insn one = {};
  one.code = static_cast<uint8_t>(code);
  one.dst_reg = static_cast<uint8_t>(to & 0xf);
  one.src_reg = static_cast<uint8_t>(from & 0xf);
  one.off = offset;
  one.imm = value;
  return one;
}

// r2 type, r3 access, r4 major, r5 minor; each rule falls through to `return 1` or jumps to the next rule.
void append_rule(std::vector<bpf_insn>& program, const DeviceRule& rule) {
  std::vector<bpf_insn> checks;
  const auto unless = [&](int reg, int32_t value) {
    checks.push_back(instruction(BPF_JMP | BPF_JNE | BPF_K, reg, 0, 0, value));
  };
  if (rule.type != 0) {
    unless(BPF_REG_2, rule.type);
  }
  // Asked for something that the rule does not give: r1 = access & ~rule.
  checks.push_back(instruction(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_1, BPF_REG_3, 0, 0));
  checks.push_back(instruction(BPF_ALU64 | BPF_AND | BPF_K, BPF_REG_1, 0, 0, 7 & ~rule.access));
  unless(BPF_REG_1, 0);
  if (rule.major >= 0) {
    unless(BPF_REG_4, rule.major);
  }
  if (rule.minor >= 0) {
    unless(BPF_REG_5, rule.minor);
  }
  const size_t length = checks.size() + 2;
  for (size_t i = 0; i < checks.size(); i++) {
    if (BPF_CLASS(checks[i].code) == BPF_JMP) {
      checks[i].off = static_cast<int16_t>(length - i - 1);
    }
  }
  program.insert(program.end(), checks.begin(), checks.end());
  program.push_back(instruction(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 1));
  program.push_back(instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0));
}

}  // namespace

std::optional<DeviceRule> parse_device_rule(const std::string& text) {
  DeviceRule rule;
  const char* at = text.c_str();
  switch (*at++) {
    case 'c':
      rule.type = BPF_DEVCG_DEV_CHAR;
      break;
    case 'b':
      rule.type = BPF_DEVCG_DEV_BLOCK;
      break;
    case 'a':
      break;
    default:
      return std::nullopt;
  }
  if (*at++ != ' ' || !parse_part(at, ':', rule.major) || !parse_part(at, ' ', rule.minor)) {
    return std::nullopt;
  }
  for (; at != text.c_str() + text.size(); at++) {
    const int bit = *at == 'r'   ? BPF_DEVCG_ACC_READ
                    : *at == 'w' ? BPF_DEVCG_ACC_WRITE
                    : *at == 'm' ? BPF_DEVCG_ACC_MKNOD
                                 : 0;
    if (bit == 0) {
      return std::nullopt;
    }
    rule.access |= bit;
  }
  return rule.access != 0 ? std::optional(rule) : std::nullopt;
}

std::vector<bpf_insn> device_program(const std::vector<DeviceRule>& rules) {
  // struct bpf_cgroup_dev_ctx { u32 access_type /* access << 16 | type */, major, minor }
  std::vector<bpf_insn> program = {
      instruction(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_2, BPF_REG_1, 0, 0),
      instruction(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_3, BPF_REG_2, 0, 0),
      instruction(BPF_ALU64 | BPF_AND | BPF_K, BPF_REG_2, 0, 0, 0xffff),
      instruction(BPF_ALU64 | BPF_RSH | BPF_K, BPF_REG_3, 0, 0, 16),
      instruction(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_4, BPF_REG_1, 4, 0),
      instruction(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_5, BPF_REG_1, 8, 0),
  };
  for (const DeviceRule& rule : rules) {
    append_rule(program, rule);
  }
  program.push_back(instruction(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0));
  program.push_back(instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0));
  return program;
}

}  // namespace berth
