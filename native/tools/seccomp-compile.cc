// seccomp-compile OUTPUT LIST…: makes the filter of one kind of guest from its lists
// (protocol/seccomp/common.txt says how they read) as an array of struct sock_filter. Runs when Berth is
// built: neither the supervisor nor enter links libseccomp. See seccomp(2), seccomp_rule_add(3).
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Abi {
  uint32_t token;  // libseccomp's
  uint32_t audit;  // AUDIT_ARCH_*
};

#if defined(__x86_64__)
// x32 calls carry a bit in their number that no rule has: they fail as unknown ABI.
const std::vector<Abi> kAbis = {{SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64}, {SCMP_ARCH_X86, AUDIT_ARCH_I386}};
#elif defined(__aarch64__)
const std::vector<Abi> kAbis = {{SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64}, {SCMP_ARCH_ARM, AUDIT_ARCH_ARM}};
#endif

const std::map<std::string, int> kErrnos = {
    {"EPERM", EPERM}, {"ENOSYS", ENOSYS}, {"EAFNOSUPPORT", EAFNOSUPPORT}};

[[noreturn]] void die(const std::string& message) {
  fprintf(stderr, "seccomp-compile: %s\n", message.c_str());
  exit(1);
}

struct Rule {
  std::vector<scmp_arg_cmp> conditions;
  uint32_t action = 0;
};

struct Never {
  std::string call;
  unsigned argument = 0;
  int code = 0;
  bool bits = false;  // the one value is a mask, any bit of it is refused
  std::vector<uint32_t> values;
};

struct Lists {
  std::map<std::string, std::vector<Rule>> allowed;  // call to its rules
  std::map<std::string, int> refused;                // call to errno
  std::vector<Never> never;
};

uint64_t number(const std::string& text) {
  char* end = nullptr;
  const uint64_t value = strtoull(text.c_str(), &end, 0);
  if (text.empty() || *end != '\0') {
    die("'" + text + "' is not a number");
  }
  return value;
}

unsigned argument(const std::string& word) {
  if (word.size() != 4 || word.rfind("arg", 0) != 0 || word[3] < '0' || word[3] > '5') {
    die("'" + word + "' is not arg0 to arg5");
  }
  return static_cast<unsigned>(word[3] - '0');
}

// "arg0 & MASK == V && arg2 != V"
std::vector<scmp_arg_cmp> conditions(std::istringstream& words) {
  std::vector<scmp_arg_cmp> out;
  std::string word;
  while (words >> word) {
    scmp_arg_cmp compare = {};
    compare.arg = argument(word);
    std::string operation;
    std::string value;
    words >> operation >> value;
    if (operation == "&") {
      compare.op = SCMP_CMP_MASKED_EQ;
      compare.datum_a = number(value);
      words >> operation >> value;
      compare.datum_b = number(value);
    } else {
      compare.op = operation == "!=" ? SCMP_CMP_NE : SCMP_CMP_EQ;
      compare.datum_a = number(value);
    }
    out.push_back(compare);
    if (words >> word && word != "&&") {
      die("'" + word + "' where && should be");
    }
  }
  return out;
}

void read_allow(std::istringstream& words, Lists& lists) {
  std::string name;
  std::string previous;
  while (words >> name) {
    if (name == "if") {
      lists.allowed[previous].back().conditions = conditions(words);
      return;
    }
    lists.allowed[name].push_back({{}, SCMP_ACT_ALLOW});
    previous = name;
  }
}

Never read_never(std::istringstream& words, int code) {
  Never never;
  never.code = code;
  std::string word;
  words >> never.call >> word;
  never.argument = argument(word);
  while (words >> word) {
    if (word == "&") {
      never.bits = true;
    } else {
      never.values.push_back(static_cast<uint32_t>(number(word)));
    }
  }
  return never;
}

void read_line(const std::string& line, Lists& lists) {
  std::istringstream words(line);
  std::string verb;
  std::string word;
  if (!(words >> verb) || verb[0] == '#') {
    return;
  }
  if (verb == "allow") {
    read_allow(words, lists);
  } else if (verb == "errno" && words >> word && kErrnos.count(word) != 0) {
    const int code = kErrnos.at(word);
    while (words >> word) {
      lists.refused[word] = code;
    }
  } else if (verb == "never" && words >> word && kErrnos.count(word) != 0) {
    lists.never.push_back(read_never(words, kErrnos.at(word)));
  } else {
    die("cannot read: " + line);
  }
}

int resolve(uint32_t abi, const std::string& name) {
  return seccomp_syscall_resolve_name_arch(abi, name.c_str());
}

// Calls that this libseccomp does not know yet stay ENOSYS, the default.
void add(scmp_filter_ctx filter, uint32_t action, const std::string& name,
         const std::vector<scmp_arg_cmp>& when) {
  const int call = seccomp_syscall_resolve_name(name.c_str());
  if (call == __NR_SCMP_ERROR) {
    fprintf(stderr, "seccomp-compile: %s is unknown here and stays refused\n", name.c_str());
    return;
  }
  const int code =
      seccomp_rule_add_array(filter, action, call, static_cast<unsigned>(when.size()), when.data());
  if (code != 0 && code != -EDOM && code != -EACCES && code != -EEXIST) {
    die("rule for " + name + ": " + strerror(-code));
  }
}

scmp_filter_ctx allow_list(const Lists& lists) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
  if (filter == nullptr) {
    die("seccomp_init failed");
  }
  seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
  seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
  for (size_t i = 1; i < kAbis.size(); ++i) {
    if (seccomp_arch_add(filter, kAbis[i].token) != 0) {
      die("cannot add an ABI");
    }
  }
  for (const auto& [name, rules] : lists.allowed) {
    for (const Rule& rule : rules) {
      add(filter, rule.action, name, rule.conditions);
    }
  }
  return filter;
}

// What is refused with its own errno comes before libseccomp's part, as does what looks at values: one
// argument can be compared only once in a rule of libseccomp. Relative jumps make the programs joinable.
std::vector<sock_filter> prologue(const Lists& lists) {
  const auto load = [](size_t offset) -> sock_filter {
    return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset));
  };
  const auto refuse = [](int code) -> sock_filter {
    return BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<uint32_t>(code));
  };
  std::vector<sock_filter> program;
  for (const Abi& abi : kAbis) {
    std::vector<sock_filter> body = {load(offsetof(seccomp_data, nr))};
    for (const auto& [name, code] : lists.refused) {
      const int call = resolve(abi.token, name);
      if (call >= 0) {
        body.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(call), 0, 1));
        body.push_back(refuse(code));
      }
    }
    for (const Never& never : lists.never) {
      const int call = resolve(abi.token, never.call);
      if (call < 0) {
        continue;
      }
      const auto count = static_cast<uint8_t>(never.values.size());
      const uint16_t test = never.bits ? BPF_JSET : BPF_JEQ;
      const auto past = static_cast<uint8_t>(count + 4);
      body.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(call), 0, past));
      body.push_back(load(offsetof(seccomp_data, args) + 8UL * never.argument));
      for (uint8_t i = 0; i < count; ++i) {
        const auto hit = static_cast<uint8_t>(count - i);
        body.push_back(BPF_JUMP(BPF_JMP | test | BPF_K, never.values[i], hit, 0));
      }
      body.push_back(BPF_STMT(BPF_JMP | BPF_JA, 1));
      body.push_back(refuse(never.code));
      body.push_back(load(offsetof(seccomp_data, nr)));
    }
    program.push_back(load(offsetof(seccomp_data, arch)));
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, abi.audit, 1, 0));
    program.push_back(BPF_STMT(BPF_JMP | BPF_JA, static_cast<uint32_t>(body.size())));
    program.insert(program.end(), body.begin(), body.end());
  }
  return program;
}

std::string exported(scmp_filter_ctx filter) {
  FILE* file = tmpfile();
  if (file == nullptr || seccomp_export_bpf(filter, fileno(file)) != 0) {
    die("cannot export the filter");
  }
  std::string bytes(static_cast<size_t>(lseek(fileno(file), 0, SEEK_END)), '\0');
  if (pread(fileno(file), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    die("cannot read the filter back");
  }
  fclose(file);
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    die("usage: seccomp-compile OUTPUT LIST...");
  }
  Lists lists;
  for (int i = 2; i < argc; ++i) {
    std::ifstream list(argv[i]);
    if (!list) {
      die(std::string("cannot open ") + argv[i]);
    }
    for (std::string line; std::getline(list, line);) {
      read_line(line, lists);
    }
  }
  scmp_filter_ctx filter = allow_list(lists);
  const std::string rules = exported(filter);
  seccomp_release(filter);
  const std::vector<sock_filter> first = prologue(lists);
  const size_t length = first.size() + rules.size() / sizeof(sock_filter);
  if (length > BPF_MAXINSNS) {
    die("the filter has " + std::to_string(length) + " instructions, the kernel takes 4096");
  }
  const std::string path = argv[1];
  mkdir(path.substr(0, path.rfind('/')).c_str(), 0755);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(first.data()),
            static_cast<std::streamsize>(first.size() * sizeof(sock_filter)));
  out.write(rules.data(), static_cast<std::streamsize>(rules.size()));
  out.flush();
  if (!out) {
    die("cannot write " + path);
  }
  return 0;
}
