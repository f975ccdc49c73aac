#include "remove-tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cstring>
#include <utility>
#include <vector>

#include "close-later.h"
#include "fd.h"

namespace berth::addon {
namespace {

Fd open_below(int dir, const std::string& name) {
  open_how how = {};
  how.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
  how.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH;
  return Fd(static_cast<int>(syscall(SYS_openat2, dir, name.c_str(), &how, sizeof how)));
}

// Names go at once; the blocks of the first ones of a tree are given back beside the caller's way, which
// takes ms for each file on a disk that discards.
class Unnamed {
 public:
  Unnamed() = default;
  Unnamed(const Unnamed&) = delete;
  Unnamed& operator=(const Unnamed&) = delete;
  ~Unnamed() { close_later(std::move(kept_)); }

  void keep(Fd fd) {
    if (kept_.size() < kMostKept) {
      kept_.push_back(std::move(fd));
    }
  }
  // As unlinkat(2).
  int remove(int dir, const char* name, int flags) {
    if (kept_.size() >= kMostKept) {
      return unlinkat(dir, name, flags);
    }
    Fd held(openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
    const int removed = unlinkat(dir, name, flags);
    const int code = errno;
    if (removed == 0 && held.valid()) {
      kept_.push_back(std::move(held));
    } else {
      held.reset();
    }
    errno = code;
    return removed;
  }

 private:
  static constexpr size_t kMostKept = 32;
  std::vector<Fd> kept_;
};

// Remove what can be removed of DIR at once. The name of a folder that is not empty, or nothing when all is
// gone.
Result<std::string> empty_folder(int dir, Unnamed& unnamed) {
  const int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* list = copy < 0 ? nullptr : fdopendir(copy);
  if (list == nullptr) {
    return fail("list");
  }
  Result<std::string> outcome = std::string();
  for (const dirent* entry = readdir(list); entry != nullptr; entry = readdir(list)) {
    const char* name = entry->d_name;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
      continue;
    }
    const bool folder = entry->d_type == DT_DIR;
    if (unnamed.remove(dir, name, folder ? AT_REMOVEDIR : 0) == 0 || errno == ENOENT) {
      continue;
    }
    const bool full = folder ? errno == ENOTEMPTY || errno == EEXIST : errno == EISDIR;
    outcome = full ? Result<std::string>(std::string(name)) : fail("remove", name);
    break;
  }
  closedir(list);
  return outcome;
}

// A folder that was left to go deeper: what it is known by when the way leads back.
struct Level {
  std::string child;
  dev_t device;
  ino_t inode;
};

// Somebody who may still write there could have moved the folder that we are in: its parent would then be
// another one, and in the end one above the tree.
Result<Fd> open_parent(int dir, const Level& level) {
  Fd parent(openat(dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat facts = {};
  if (!parent.valid() || fstat(parent.get(), &facts) != 0) {
    return fail("open", "..");
  }
  if (facts.st_dev != level.device || facts.st_ino != level.inode) {
    return fail_with(EBUSY, "remove", level.child);
  }
  return parent;
}

// Depth first with one descriptor, however deep the guest nested.
Status empty_below(Fd dir, Unnamed& unnamed) {
  std::vector<Level> way;
  for (;;) {
    Result<std::string> child = empty_folder(dir.get(), unnamed);
    if (!child) {
      return child.error();
    }
    if (!child->empty()) {
      Fd next = open_below(dir.get(), *child);
      if (!next.valid()) {
        return fail("open", *child);
      }
      struct stat facts = {};
      if (fstat(dir.get(), &facts) != 0) {
        return fail("stat", *child);
      }
      way.push_back({*child, facts.st_dev, facts.st_ino});
      dir = std::move(next);
      continue;
    }
    if (way.empty()) {
      unnamed.keep(std::move(dir));
      return ok();
    }
    Result<Fd> parent = open_parent(dir.get(), way.back());
    if (!parent) {
      return parent.error();
    }
    if (unlinkat(parent->get(), way.back().child.c_str(), AT_REMOVEDIR) != 0) {
      return fail("remove", way.back().child);
    }
    unnamed.keep(std::exchange(dir, std::move(*parent)));
    way.pop_back();
  }
}

}  // namespace

Status remove_tree(const std::string& path) {
  Fd dir(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!dir.valid()) {
    return errno == ENOENT ? ok() : Status(fail("remove the folder", path));
  }
  Unnamed unnamed;
  Status emptied = empty_below(std::move(dir), unnamed);
  if (!emptied) {
    return emptied.error().in("in " + path);
  }
  return rmdir(path.c_str()) == 0 || errno == ENOENT ? ok() : Status(fail("remove the folder", path));
}

}  // namespace berth::addon
