#include "seccomp_lists.h"

#include <linux/seccomp.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace berth::seccomp {
namespace {

const std::map<std::string, uint32_t> kErrnos = {
    {"EPERM", EPERM}, {"ENOSYS", ENOSYS}, {"EAFNOSUPPORT", EAFNOSUPPORT}};

const std::map<std::string, uint32_t> kActions = {{"allow", SCMP_ACT_ALLOW},
                                                  {"log", SCMP_ACT_LOG},
                                                  {"trap", SCMP_ACT_TRAP},
                                                  {"kill_thread", SCMP_ACT_KILL_THREAD},
                                                  {"kill_process", SCMP_ACT_KILL_PROCESS}};

const std::map<std::string, scmp_compare> kOperators = {{"==", SCMP_CMP_EQ}, {"!=", SCMP_CMP_NE},
                                                        {"<", SCMP_CMP_LT},  {"<=", SCMP_CMP_LE},
                                                        {">", SCMP_CMP_GT},  {">=", SCMP_CMP_GE}};

uint64_t number(const std::string& text) {
  char* end = nullptr;
  errno = 0;
  const uint64_t value = strtoull(text.c_str(), &end, 0);
  if (text.empty() || *end != '\0' || errno != 0) {
    die("'" + text + "' is not a number");
  }
  return value;
}

uint32_t errno_of(const std::string& word) {
  const auto known = kErrnos.find(word);
  const uint64_t code = known == kErrnos.end() ? number(word) : known->second;
  if (code > 4095) {
    die("'" + word + "' is no errno");
  }
  return static_cast<uint32_t>(code);
}

unsigned argument(const std::string& word) {
  if (word.size() != 4 || word.rfind("arg", 0) != 0 || word[3] < '0' || word[3] > '5') {
    die("'" + word + "' is not arg0 to arg5");
  }
  return static_cast<unsigned>(word[3] - '0');
}

// "allow", "errno 1", "trace 7"
uint32_t action(std::istringstream& words) {
  std::string word;
  words >> word;
  if (word == "errno" || word == "trace") {
    std::string value;
    words >> value;
    return word == "errno" ? SCMP_ACT_ERRNO(errno_of(value)) : SCMP_ACT_TRACE(number(value) & 0xffff);
  }
  const auto known = kActions.find(word);
  if (known == kActions.end()) {
    die("'" + word + "' is no action");
  }
  return known->second;
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
    const auto known = kOperators.find(operation);
    if (operation == "&") {
      compare.op = SCMP_CMP_MASKED_EQ;
      compare.datum_a = number(value);
      words >> operation >> value;
      compare.datum_b = number(value);
    } else if (known != kOperators.end()) {
      compare.op = known->second;
      compare.datum_a = number(value);
    } else {
      die("'" + operation + "' is no comparison");
    }
    out.push_back(compare);
    if (words >> word && word != "&&") {
      die("'" + word + "' where && should be");
    }
  }
  return out;
}

void read_rules(std::istringstream& words, uint32_t action, Lists& lists) {
  std::string name;
  while (words >> name) {
    if (name == "if") {
      if (lists.rules.empty()) {
        die("'if' without a call before it");
      }
      lists.rules.back().conditions = conditions(words);
      return;
    }
    lists.rules.push_back({name, action, {}});
  }
}

uint32_t refusal(const Lists& lists, uint32_t code) {
  return lists.learning ? SECCOMP_RET_LOG : SECCOMP_RET_ERRNO | code;
}

// "NAME argN V… [and argN & MASK]"
Never read_never(std::istringstream& words, uint32_t action) {
  Never never;
  never.action = action;
  std::string word;
  words >> never.call;
  do {
    Test test;
    words >> word;
    test.argument = argument(word);
    while (words >> word && word != "and") {
      if (word == "&") {
        test.bits = true;
      } else {
        test.values.push_back(static_cast<uint32_t>(number(word)));
      }
    }
    never.tests.push_back(test);
  } while (word == "and" && words);
  return never;
}

// Takes back what an earlier list refuses.
void permit(std::istringstream& words, Lists& lists) {
  std::string name;
  while (words >> name) {
    lists.refused.erase(name);
    lists.rules.push_back({name, SCMP_ACT_ALLOW, {}});
  }
}

void learn(Lists& lists) {
  lists.learning = true;
  lists.otherwise = SCMP_ACT_LOG;
}

void read_line(const std::string& line, Lists& lists) {
  std::istringstream words(line);
  std::string verb;
  std::string word;
  if (!(words >> verb) || verb[0] == '#') {
    return;
  }
  if (verb == "allow") {
    read_rules(words, SCMP_ACT_ALLOW, lists);
  } else if (verb == "permit") {
    permit(words, lists);
  } else if (verb == "rule") {
    const uint32_t what = action(words);
    read_rules(words, what, lists);
  } else if (verb == "errno" && words >> word) {
    const uint32_t what = refusal(lists, errno_of(word));
    while (words >> word) {
      lists.refused[word] = what;
    }
  } else if (verb == "never" && words >> word) {
    lists.never.push_back(read_never(words, refusal(lists, errno_of(word))));
  } else if (verb == "default") {
    lists.otherwise = action(words);
  } else if (verb == "abi") {
    while (words >> word) {
      lists.abis.push_back(word);
    }
  } else if (verb == "newer-unknown") {
    lists.newer_unknown = true;
  } else if (verb == "learn") {
    learn(lists);
  } else {
    die("cannot read: " + line);
  }
}

}  // namespace

Lists empty_lists() {
  Lists lists;
  lists.otherwise = SCMP_ACT_ERRNO(ENOSYS);
  return lists;
}

void read_list(std::istream& list, Lists& lists) {
  for (std::string line; std::getline(list, line);) {
    read_line(line, lists);
  }
}

}  // namespace berth::seccomp
