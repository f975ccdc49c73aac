// seccomp-compile OUTPUT LIST…: makes a filter from lists (protocol/seccomp/common.txt says how they read) as
// an array of struct sock_filter. `-` is standard output or input. With --names it tells the names of calls
// instead, of which standard input has `ARCH NUMBER` (AUDIT_ARCH_* in hex) a line. The build makes the
// filters of the kinds with it, the server those of profiles: neither the supervisor nor enter links
// libseccomp.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "seccomp_lists.h"
#include "seccomp_program.h"

void berth::seccomp::die(const std::string& message) {
  fprintf(stderr, "seccomp-compile: %s\n", message.c_str());
  exit(1);
}

namespace {

using berth::seccomp::die;

void write_program(const std::vector<sock_filter>& program, const std::string& path) {
  const auto* bytes = reinterpret_cast<const char*>(program.data());
  const auto size = static_cast<std::streamsize>(program.size() * sizeof(sock_filter));
  if (path == "-") {
    std::cout.write(bytes, size).flush();
    if (!std::cout) {
      die("cannot write");
    }
    return;
  }
  mkdir(path.substr(0, path.rfind('/')).c_str(), 0755);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes, size).flush();
  if (!out) {
    die("cannot write " + path);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "--names") {
    berth::seccomp::print_names(std::cin);
    return 0;
  }
  if (argc < 3) {
    die("usage: seccomp-compile OUTPUT LIST... | --names");
  }
  auto lists = berth::seccomp::empty_lists();
  for (int i = 2; i < argc; ++i) {
    const std::string path = argv[i];
    if (path == "-") {
      read_list(std::cin, lists);
      continue;
    }
    std::ifstream list(path);
    if (!list) {
      die("cannot open " + path);
    }
    read_list(list, lists);
  }
  write_program(program_of(lists), argv[1]);
  return 0;
}
