#include "device_filter.h"

#include <linux/bpf.h>
#include <sys/syscall.h>

#include <cstdlib>
#include <cstring>

#include "fd.h"
#include "namespaces.h"

namespace berth {
namespace {

struct Rule {
  int type = 0;  // BPF_DEVCG_DEV_*, 0: both
  int32_t major = -1, minor = -1;
  int access = 0;  // BPF_DEVCG_ACC_*
};

// A number or `*` (-1), then STOP.
bool parse_part(const char*& at, char stop, int32_t& value) {
  if (*at == '*') {
    value = -1;
    at++;
  } else {
    char* end = nullptr;
    const unsigned long number = strtoul(at, &end, 10);
    if (end == at || number > 0xfffff) {
      return false;
    }
    value = static_cast<int32_t>(number);
    at = end;
  }
  return *at++ == stop;
}

bool parse_rule(const std::string& text, Rule& rule) {
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
      return false;
  }
  if (*at++ != ' ' || !parse_part(at, ':', rule.major) || !parse_part(at, ' ', rule.minor)) {
    return false;
  }
  for (; *at != '\0'; at++) {
    const int bit = *at == 'r'   ? BPF_DEVCG_ACC_READ
                    : *at == 'w' ? BPF_DEVCG_ACC_WRITE
                    : *at == 'm' ? BPF_DEVCG_ACC_MKNOD
                                 : 0;
    if (bit == 0) {
      return false;
    }
    rule.access |= bit;
  }
  return rule.access != 0;
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
void append_rule(std::vector<bpf_insn>& program, const Rule& rule) {
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

std::vector<bpf_insn> program_of(const std::vector<Rule>& rules) {
  // struct bpf_cgroup_dev_ctx { u32 access_type /* access << 16 | type */, major, minor }
  std::vector<bpf_insn> program = {
      instruction(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_2, BPF_REG_1, 0, 0),
      instruction(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_3, BPF_REG_2, 0, 0),
      instruction(BPF_ALU64 | BPF_AND | BPF_K, BPF_REG_2, 0, 0, 0xffff),
      instruction(BPF_ALU64 | BPF_RSH | BPF_K, BPF_REG_3, 0, 0, 16),
      instruction(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_4, BPF_REG_1, 4, 0),
      instruction(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_5, BPF_REG_1, 8, 0),
  };
  for (const Rule& rule : rules) {
    append_rule(program, rule);
  }
  program.push_back(instruction(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0));
  program.push_back(instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0));
  return program;
}

int bpf(int command, bpf_attr& attributes) {
  return static_cast<int>(syscall(SYS_bpf, command, &attributes, sizeof attributes));
}

Result<Fd> load_filter(const std::vector<std::string>& texts) {
  std::vector<Rule> rules;
  for (const std::string& text : texts) {
    Rule rule;
    if (!parse_rule(text, rule)) {
      return fail_with(EINVAL, "read a device rule such as `c 1:3 rwm`", text);
    }
    rules.push_back(rule);
  }
  const std::vector<bpf_insn> program = program_of(rules);
  bpf_attr load;
  memset(&load, 0, sizeof load);
  load.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  load.insns = reinterpret_cast<uint64_t>(program.data());
  load.insn_cnt = static_cast<uint32_t>(program.size());
  load.license = reinterpret_cast<uint64_t>("Apache-2.0");
  Fd loaded(bpf(BPF_PROG_LOAD, load));
  if (!loaded.valid()) {
    return fail("load the device filter");
  }
  return loaded;
}

// `replaced`: the filter that goes, or -1.
Status attach_filter(int dir, int filter, int replaced) {
  bpf_attr attach;
  memset(&attach, 0, sizeof attach);
  attach.target_fd = static_cast<uint32_t>(dir);
  attach.attach_bpf_fd = static_cast<uint32_t>(filter);
  attach.attach_type = BPF_CGROUP_DEVICE;
  attach.attach_flags = BPF_F_ALLOW_MULTI;
  if (replaced >= 0) {
    attach.attach_flags |= BPF_F_REPLACE;
    attach.replace_bpf_fd = static_cast<uint32_t>(replaced);
  }
  if (bpf(BPF_PROG_ATTACH, attach) != 0) {
    return fail("attach the device filter");
  }
  return ok();
}

// The one that the group itself has.
Result<Fd> attached_filter(int dir) {
  uint32_t id = 0;
  bpf_attr query;
  memset(&query, 0, sizeof query);
  query.query.target_fd = static_cast<uint32_t>(dir);
  query.query.attach_type = BPF_CGROUP_DEVICE;
  query.query.prog_ids = reinterpret_cast<uint64_t>(&id);
  query.query.prog_cnt = 1;
  if (bpf(BPF_PROG_QUERY, query) != 0 || query.query.prog_cnt != 1) {
    return fail("find the device filter");
  }
  bpf_attr get;
  memset(&get, 0, sizeof get);
  get.prog_id = id;
  Fd filter(bpf(BPF_PROG_GET_FD_BY_ID, get));
  if (!filter.valid()) {
    return fail("find the device filter");
  }
  return filter;
}

}  // namespace

Status attach_device_filter(int dir, const std::vector<std::string>& rules) {
  auto filter = load_filter(rules);
  if (filter) {
    return attach_filter(dir, filter->get(), -1);
  }
  Error refused = filter.error();
  // Inside a guest its own filter stands, and its user namespace makes no nodes (mknod(2)).
  return refused.code == EPERM && is_nested() ? ok() : Status(std::move(refused));
}

Status replace_device_filter(int dir, const std::vector<std::string>& rules) {
  auto before = attached_filter(dir);
  if (!before) {
    return before.error();
  }
  auto filter = load_filter(rules);
  return filter ? attach_filter(dir, filter->get(), before->get()) : Status(filter.error());
}

}  // namespace berth
