#include "kept_program.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys.h"
#include "wire.h"

namespace berth {
namespace {

// Beyond those of orders (protocol/README.md), in the fork server and its children.
constexpr int kKeptProgram = wire::kReportDescriptor + 1;

struct Kept {
  std::string path;  // empty: none
  struct stat facts = {};
};

Kept& kept() {
  static Kept one;
  return one;
}

bool is_same(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino &&
         one.st_ctim.tv_sec == other.st_ctim.tv_sec && one.st_ctim.tv_nsec == other.st_ctim.tv_nsec;
}

}  // namespace

void keep_init(const std::string& program) {
  const std::string path = program.substr(0, program.rfind('/') + 1) + "init";
  Kept wanted;
  auto mount = read_only_mount(path);
  if (!mount || fstat(mount->get(), &wanted.facts) != 0 ||
      (mount->get() != kKeptProgram && dup3(mount->get(), kKeptProgram, O_CLOEXEC) < 0)) {
    return;
  }
  if (mount->get() == kKeptProgram) {
    (void)mount->release();
  }
  wanted.path = path;
  kept() = std::move(wanted);
}

unsigned first_stray() {
  return kKeptProgram + (kept().path.empty() ? 0 : 1);
}

Result<Fd> init_mount(const std::string& path) {
  struct stat facts = {};
  if (path == kept().path && stat(path.c_str(), &facts) == 0 && is_same(facts, kept().facts)) {
    Fd copy(fcntl(kKeptProgram, F_DUPFD_CLOEXEC, 0));
    if (copy.valid()) {
      return copy;
    }
  }
  return read_only_mount(path);
}

}  // namespace berth
