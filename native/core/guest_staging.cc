#include "guest_staging.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <charconv>
#include <utility>

#include "mounts.h"
#include "sys.h"
#include "walls.h"
#include "work_inside.h"

namespace berth {
namespace {

uint64_t attributes_of(const BindMount& mount) {
  return (mount.read_only ? MOUNT_ATTR_RDONLY : 0) | (mount.nosuid ? MOUNT_ATTR_NOSUID : 0) |
         (mount.nodev ? MOUNT_ATTR_NODEV : 0) | (mount.noexec ? MOUNT_ATTR_NOEXEC : 0);
}

Status set_propagation(int tree, const std::string& name) {
  const bool recursive = name[0] == 'r';
  const std::string kind = recursive ? name.substr(1) : name;
  mount_attr wanted = {};
  wanted.propagation = kind == "shared" ? MS_SHARED : kind == "slave" ? MS_SLAVE : MS_PRIVATE;
  const unsigned flags = recursive ? AT_EMPTY_PATH | AT_RECURSIVE : AT_EMPTY_PATH;
  if (syscall(SYS_mount_setattr, tree, "", flags, &wanted, sizeof wanted) != 0) {
    return fail("set the propagation of");
  }
  return ok();
}

// No link on the way: whoever may write in a folder of the host could lead elsewhere (CVE-2021-30465).
Result<Fd> open_source(const std::string& path) {
  open_how how = {};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  Fd source(static_cast<int>(syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how)));
  if (!source.valid()) {
    return fail("open the source", path);
  }
  return source;
}

Result<uint32_t> outside(const std::vector<IdMap>& maps, uint32_t id, const std::string& path) {
  for (const IdMap& map : maps) {
    if (id >= map.inside && id - map.inside < map.count) {
      return map.outside + (id - map.inside);
    }
  }
  return fail_with(EINVAL, "give to id " + to_text(id) + ", which the guest does not have,", path);
}

}  // namespace

Result<Fd> copy_source(const BindMount& mount, int user_namespace, bool& folder) {
  auto source = open_source(mount.source);
  if (!source) {
    return source.error();
  }
  struct stat facts = {};
  if (fstat(source->get(), &facts) != 0) {
    return fail("stat", mount.source);
  }
  folder = S_ISDIR(facts.st_mode);
  auto tree = copy_tree(source->get(), "", mount.recursive);
  if (!tree) {
    return fail_with(tree.error().code, "mount", mount.source);
  }
  auto set =
      set_attributes(tree->get(), attributes_of(mount), mount.idmap ? user_namespace : -1, mount.recursive);
  if (!set) {
    return fail_with(set.error().code, mount.idmap ? "map the ids of" : "mount", mount.source);
  }
  auto spread = set_propagation(tree->get(), mount.propagation);
  if (!spread) {
    return fail_with(spread.error().code, spread.error().action, mount.source);
  }
  return tree;
}

Result<Fd> make_staging() {
  if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return fail("unshare", "mnt");
  }
  auto staging =
      make_mount({"tmpfs", {{"mode", "755"}, {"size", "1m"}}, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC});
  if (!staging) {
    return staging;
  }
  // Any folder will do, nobody else sees it.
  const Fd anywhere(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!anywhere.valid()) {
    return fail("open", "/proc");
  }
  BERTH_TRY(attach(staging->get(), anywhere.get()));
  return staging;
}

Status stage(int staging, const Piece& piece) {
  if (piece.folder ? mkdirat(staging, piece.entry.c_str(), 0700) != 0
                   : mknodat(staging, piece.entry.c_str(), S_IFREG | 0600, 0) != 0) {
    return fail("stage", piece.target);
  }
  const Fd place(openat(staging, piece.entry.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!place.valid()) {
    return fail("stage", piece.target);
  }
  return attach(piece.tree.get(), place.get());
}

Status make_node(const MountPlace& place, int staging, const Piece& piece, const GuestDevice& device) {
  const size_t space = device.rule.find(' ');
  const size_t colon = device.rule.find(':');
  uint32_t major = 0;
  uint32_t minor = 0;
  const char* text = device.rule.data();
  std::from_chars(text + space + 1, text + device.rule.size(), major);
  std::from_chars(text + colon + 1, text + device.rule.size(), minor);
  auto uid = outside(place.uids, device.uid, device.target);
  if (!uid) {
    return uid.error();
  }
  auto gid = outside(place.gids, device.gid, device.target);
  if (!gid) {
    return gid.error();
  }
  const mode_t type = device.rule[0] == 'b' ? S_IFBLK : S_IFCHR;
  const char* entry = piece.entry.c_str();
  if (mknodat(staging, entry, type | 0600, makedev(major, minor)) != 0 ||
      fchownat(staging, entry, *uid, *gid, AT_SYMLINK_NOFOLLOW) != 0 ||
      fchmodat(staging, entry, device.mode, 0) != 0) {
    return fail("make the node", device.target);
  }
  return ok();
}

Status lock(const MountPlace& place, int staging, std::vector<Piece>& pieces) {
  if (fchdir(staging) != 0) {
    return fail("chdir");
  }
  auto joined = join_user_namespace(place.user.get());
  if (!joined) {
    return joined.error();
  }
  if (*joined && unshare(CLONE_NEWNS) != 0) {
    return fail("unshare", "mnt");
  }
  for (Piece& piece : pieces) {
    // What is not recursive has nothing below it: its copy was made so.
    auto tree = copy_tree(AT_FDCWD, piece.entry.c_str(), true);
    if (!tree) {
      return fail_with(tree.error().code, "mount", piece.target);
    }
    piece.tree = std::move(*tree);
    if (piece.shared && *joined) {
      BERTH_TRY(set_propagation(piece.tree.get(), "shared"));
    }
  }
  return ok();
}

}  // namespace berth
