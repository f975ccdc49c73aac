#include "seccomp_program.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "seccomp_tree.h"

namespace berth::seccomp {
namespace {

struct Abi {
  const char* name;
  uint32_t token;  // libseccomp's
  uint32_t audit;  // AUDIT_ARCH_*
};

#if defined(__x86_64__)
// x32 calls carry a bit in their number that no rule has: they fail as unknown ABI.
const std::vector<Abi> kAbis = {{"x86_64", SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64},
                                {"x86", SCMP_ARCH_X86, AUDIT_ARCH_I386}};
#elif defined(__aarch64__)
const std::vector<Abi> kAbis = {{"aarch64", SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64},
                                {"arm", SCMP_ARCH_ARM, AUDIT_ARCH_ARM}};
#endif

using Program = std::vector<sock_filter>;

std::vector<Abi> abis_of(const Lists& lists) {
  std::vector<Abi> chosen;
  for (const Abi& abi : kAbis) {
    if (lists.abis.empty() || std::find(lists.abis.begin(), lists.abis.end(), abi.name) != lists.abis.end()) {
      chosen.push_back(abi);
    }
  }
  if (chosen.empty()) {
    die("none of its ABIs is one of this machine");
  }
  return chosen;
}

// i386's calls of their own that libseccomp takes for hidden behind socketcall and ipc (asm/unistd_32.h).
const std::map<std::string, int> kDirectOnX86 = {
    {"socket", 359},  {"socketpair", 360}, {"bind", 361},       {"connect", 362},     {"listen", 363},
    {"accept4", 364}, {"getsockopt", 365}, {"setsockopt", 366}, {"getsockname", 367}, {"getpeername", 368},
    {"sendto", 369},  {"sendmsg", 370},    {"recvfrom", 371},   {"recvmsg", 372},     {"shutdown", 373},
    {"semget", 393},  {"semctl", 394},     {"shmget", 395},     {"shmctl", 396},      {"shmat", 397},
    {"shmdt", 398},   {"msgget", 399},     {"msgsnd", 400},     {"msgrcv", 401},      {"msgctl", 402}};

int resolve(uint32_t abi, const std::string& name) {
  const int call = seccomp_syscall_resolve_name_arch(abi, name.c_str());
  const auto direct = kDirectOnX86.find(name);
  return call < 0 && abi == SCMP_ARCH_X86 && direct != kDirectOnX86.end() ? direct->second : call;
}

// A call of one ABI whose rules libseccomp cannot tell apart is refused there: i386 has calls that hide
// others, and their arguments, behind a pointer (socketcall, ipc), where rules with different actions fall
// together.
struct Conflicts {
  std::set<std::string> calls;
};

// Calls that this libseccomp does not know yet fall to what is for the others.
void add(scmp_filter_ctx filter, const Rule& rule, Conflicts& conflicts) {
  const int call = seccomp_syscall_resolve_name(rule.call.c_str());
  if (call == __NR_SCMP_ERROR) {
    return;
  }
  const int code = seccomp_rule_add_array(
      filter, rule.action, call, static_cast<unsigned>(rule.conditions.size()), rule.conditions.data());
  if (code == -EEXIST && !rule.conditions.empty()) {
    conflicts.calls.insert(rule.call);
    return;
  }
  // Not a call of this ABI; the same as without the rule; there already.
  if (code != 0 && code != -EDOM && code != -EACCES && code != -EEXIST) {
    die("rule for " + rule.call + ": " + strerror(-code));
  }
}

// What it is for.
std::string text_of(const Rule& rule) {
  std::string text = rule.call;
  for (const scmp_arg_cmp& one : rule.conditions) {
    text += " " + std::to_string(one.arg) + " " + std::to_string(one.op) + " " + std::to_string(one.datum_a) +
            " " + std::to_string(one.datum_b);
  }
  return text;
}

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

Filter filter_of(const Lists& lists, const Abi& abi, Conflicts& conflicts) {
  Filter owner(seccomp_init(lists.otherwise), seccomp_release);
  scmp_filter_ctx filter = owner.get();
  if (filter == nullptr) {
    die("seccomp_init failed");
  }
  seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
  seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
  seccomp_arch_remove(filter, SCMP_ARCH_NATIVE);
  if (seccomp_arch_add(filter, abi.token) != 0) {
    die(std::string("cannot add the ABI ") + abi.name);
  }
  std::set<std::string> seen;
  for (const Rule& rule : lists.rules) {
    // Of two rules for the same the first one counts.
    if (seen.insert(text_of(rule)).second) {
      add(filter, rule, conflicts);
    }
  }
  return owner;
}

void note_unknown(const Lists& lists) {
  std::set<std::string> unknown;
  for (const Rule& rule : lists.rules) {
    if (seccomp_syscall_resolve_name(rule.call.c_str()) == __NR_SCMP_ERROR) {
      unknown.insert(rule.call);
    }
  }
  for (const std::string& call : unknown) {
    fprintf(stderr, "seccomp-compile: unknown %s\n", call.c_str());
  }
}

sock_filter load(size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset));
}

sock_filter answer(uint32_t action) {
  return BPF_STMT(BPF_RET | BPF_K, action);
}

// With the call's number loaded, before and after.
void append_refusal(Program& body, int call, uint32_t action) {
  body.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(call), 0, 1));
  body.push_back(answer(action));
}

void append_never(Program& body, int call, const Never& never) {
  Program tests;
  std::vector<size_t> misses;  // jumps over the answer
  for (const Test& test : never.tests) {
    tests.push_back(load(offsetof(seccomp_data, args) + 8UL * test.argument));
    const uint16_t compare = test.bits ? BPF_JSET : BPF_JEQ;
    for (size_t i = 0; i < test.values.size(); ++i) {
      const auto hit = static_cast<uint8_t>(test.values.size() - i);
      tests.push_back(BPF_JUMP(BPF_JMP | compare | BPF_K, test.values[i], hit, 0));
    }
    misses.push_back(tests.size());
    tests.push_back(BPF_STMT(BPF_JMP | BPF_JA, 0));
  }
  for (const size_t miss : misses) {
    tests[miss].k = static_cast<uint32_t>(tests.size() - miss);
  }
  tests.push_back(answer(never.action));
  tests.push_back(load(offsetof(seccomp_data, nr)));
  if (tests.size() > 255) {
    die("never " + never.call + " has too many values: use two lines");
  }
  body.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(call), 0,
                          static_cast<uint8_t>(tests.size())));
  body.insert(body.end(), tests.begin(), tests.end());
}

int newest(const Lists& lists, uint32_t abi) {
  int most = 0;
  for (const Rule& rule : lists.rules) {
    most = std::max(most, resolve(abi, rule.call));
  }
  return most;
}

// What is refused with its own errno comes before libseccomp's part, as does what looks at values: one
// argument can be compared only once in a rule of libseccomp. Relative jumps make the programs joinable.
Program prologue(const Lists& lists, const Abi& abi, const Conflicts& conflicts) {
  Program body = {load(offsetof(seccomp_data, nr))};
  if (lists.newer_unknown) {
    const auto most = static_cast<uint32_t>(newest(lists, abi.token));
    body.push_back(BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, most, 0, 1));
    body.push_back(answer(SECCOMP_RET_ERRNO | ENOSYS));
  }
  auto refused = lists.refused;
  for (const std::string& call : conflicts.calls) {
    fprintf(stderr, "seccomp-compile: conflict %s %s\n", abi.name, call.c_str());
    refused[call] = SECCOMP_RET_ERRNO | ENOSYS;
  }
  for (const auto& [name, action] : refused) {
    const int call = resolve(abi.token, name);
    if (call >= 0) {
      append_refusal(body, call, action);
    }
  }
  for (const Never& never : lists.never) {
    const int call = resolve(abi.token, never.call);
    if (call >= 0) {
      append_never(body, call, never);
    }
  }
  return body;
}

Program exported(scmp_filter_ctx filter) {
  const std::unique_ptr<FILE, decltype(&fclose)> owner(tmpfile(), fclose);
  const int file = owner ? fileno(owner.get()) : -1;
  if (file < 0 || seccomp_export_bpf(filter, file) != 0) {
    die("cannot export the filter");
  }
  Program program(static_cast<size_t>(lseek(file, 0, SEEK_END)) / sizeof(sock_filter));
  const auto size = static_cast<ssize_t>(program.size() * sizeof(sock_filter));
  if (pread(file, program.data(), static_cast<size_t>(size), 0) != size) {
    die("cannot read the filter back");
  }
  return program;
}

}  // namespace

void print_names(std::istream& calls) {
  for (std::string line; std::getline(calls, line);) {
    std::istringstream words(line);
    uint32_t audit = 0;
    int call = 0;
    if (!(words >> std::hex >> audit >> std::dec >> call)) {
      continue;
    }
    for (const Abi& abi : kAbis) {
      char* name = abi.audit == audit ? seccomp_syscall_resolve_num_arch(abi.token, call) : nullptr;
      if (name != nullptr) {
        printf("%s %s\n", abi.name, name);
        free(name);
      }
    }
  }
}

std::vector<sock_filter> program_of(const Lists& lists, Shape shape) {
  note_unknown(lists);
  Program program;
  for (const Abi& abi : abis_of(lists)) {
    Conflicts conflicts;
    const Program rules = exported(filter_of(lists, abi, conflicts).get());
    Program body = prologue(lists, abi, conflicts);
    body.insert(body.end(), rules.begin(), rules.end());
    if (shape == Shape::kTree) {
      body = tree_of(body, abi.audit);
    }
    program.push_back(load(offsetof(seccomp_data, arch)));
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, abi.audit, 1, 0));
    program.push_back(BPF_STMT(BPF_JMP | BPF_JA, static_cast<uint32_t>(body.size())));
    program.insert(program.end(), body.begin(), body.end());
  }
  program.push_back(answer(SECCOMP_RET_ERRNO | ENOSYS));
  if (program.size() > BPF_MAXINSNS) {
    die("the filter has " + std::to_string(program.size()) + " instructions, the kernel takes " +
        std::to_string(BPF_MAXINSNS));
  }
  return program;
}

}  // namespace berth::seccomp
