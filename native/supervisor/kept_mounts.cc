#include "kept_mounts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rootfs.h"
#include "sys.h"
#include "wire.h"

namespace berth {
namespace {

// Beyond those of orders (protocol/README.md), in the fork server and its children.
constexpr int kKeptInit = wire::kReportDescriptor + 1;
constexpr int kKeptFolder = kKeptInit + 1;

struct Kept {
  std::string path;  // of init; empty: not kept
  struct stat facts = {};
  bool folder = false;
};

Kept& kept() {
  static Kept one;
  return one;
}

bool is_same(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino &&
         one.st_ctim.tv_sec == other.st_ctim.tv_sec && one.st_ctim.tv_nsec == other.st_ctim.tv_nsec;
}

// Both are moved there from far away, so that neither is in the place of the other.
bool keep(Result<Fd> mount, int place) {
  if (!mount) {
    return false;
  }
  const Fd away(fcntl(mount->get(), F_DUPFD_CLOEXEC, kKeptFolder + 1));
  mount->reset();
  return away.valid() && dup3(away.get(), place, O_CLOEXEC) == place;
}

}  // namespace

void keep_mounts(const std::string& program) {
  const std::string path = program.substr(0, program.rfind('/') + 1) + "init";
  if (keep(read_only_mount(path), kKeptInit) && fstat(kKeptInit, &kept().facts) == 0) {
    kept().path = path;
  }
  kept().folder = keep(make_empty_folder(), kKeptFolder);
}

unsigned first_stray() {
  return kKeptFolder + 1;
}

Result<Fd> init_mount(const std::string& path) {
  struct stat facts = {};
  if (path == kept().path && stat(path.c_str(), &facts) == 0 && is_same(facts, kept().facts)) {
    Fd copy(fcntl(kKeptInit, F_DUPFD_CLOEXEC, 0));
    if (copy.valid()) {
      return copy;
    }
  }
  return read_only_mount(path);
}

int kept_empty_folder() {
  return kept().folder ? kKeptFolder : -1;
}

}  // namespace berth
