// What a filter lets through and refuses, as its lists say it (protocol/seccomp/common.txt tells how they
// read).
#pragma once

#include <seccomp.h>

#include <cstdint>
#include <istream>
#include <map>
#include <string>
#include <vector>

namespace berth::seccomp {

struct Rule {
  std::string call;
  uint32_t action = 0;  // SCMP_ACT_*
  std::vector<scmp_arg_cmp> conditions;
};

// One argument, its lower 32 bits: one of the values, or any bit of the only one.
struct Test {
  unsigned argument = 0;
  bool bits = false;
  std::vector<uint32_t> values;
};

// Refused before all rules, when every test hits.
struct Never {
  std::string call;
  uint32_t action = 0;  // SECCOMP_RET_*
  std::vector<Test> tests;
};

struct Lists {
  uint32_t otherwise = 0;  // SCMP_ACT_* of what no rule is for
  std::vector<Rule> rules;
  std::map<std::string, uint32_t> refused;  // call to SECCOMP_RET_*, before all rules
  std::vector<Never> never;
  std::vector<std::string> abis;  // only these; empty: all that this machine has
  bool newer_unknown = false;     // calls newer than the newest named one are ENOSYS
  bool learning = false;          // while reading: what a list refuses is logged and let through
};

// Of the program: to standard error, and the end.
[[noreturn]] void die(const std::string& message);
Lists empty_lists();
void read_list(std::istream& list, Lists& lists);

}  // namespace berth::seccomp
