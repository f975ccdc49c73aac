#include "guest_mounts.h"

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

#include "guest_targets.h"
#include "mounts.h"
#include "sys.h"
#include "walls.h"
#include "work_inside.h"

namespace berth {
namespace {

// One thing to mount: where it comes from on the staging file system, and where it goes.
struct Piece {
  std::string entry;  // on the staging file system
  std::string target;
  bool folder = false;
  bool shared = false;  // to be made shared again, in the guest
  Fd tree;
};

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

// A detached mount of it, with all that makes it the guest's.
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

Result<uint32_t> outside(const std::vector<IdMap>& maps, uint32_t id, const std::string& path) {
  for (const IdMap& map : maps) {
    if (id >= map.inside && id - map.inside < map.count) {
      return map.outside + (id - map.inside);
    }
  }
  return fail_with(EINVAL, "give to id " + to_text(id) + ", which the guest does not have,", path);
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

// Copies of mounts that a less privileged namespace takes keep their flags for good, which is what makes
// read-only a wall (mount_namespaces(7)). So everything is mounted on a file system of ours first; the
// namespace that copies it is nobody's but this process's.
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

Status add_here(const MountPlace& place, const std::vector<BindMount>& mounts,
                const std::vector<GuestDevice>& devices) {
  std::vector<Piece> pieces;
  for (const BindMount& mount : mounts) {
    Piece piece;
    piece.entry = "m" + to_text(static_cast<int64_t>(pieces.size()));
    piece.target = mount.target;
    piece.shared = mount.propagation.ends_with("shared");
    BindMount wanted = mount;
    wanted.idmap = mount.idmap && !is_own_user_namespace(place.user.get());
    auto tree = copy_source(wanted, place.user.get(), piece.folder);
    if (!tree) {
      return tree.error();
    }
    piece.tree = std::move(*tree);
    pieces.push_back(std::move(piece));
  }
  auto staging = make_staging();
  if (!staging) {
    return staging.error();
  }
  for (const Piece& piece : pieces) {
    BERTH_TRY(stage(staging->get(), piece));
  }
  for (const GuestDevice& device : devices) {
    Piece piece;
    piece.entry = "d" + to_text(static_cast<int64_t>(pieces.size()));
    piece.target = device.target;
    BERTH_TRY(make_node(place, staging->get(), piece, device));
    pieces.push_back(std::move(piece));
  }
  BERTH_TRY(lock(place, staging->get(), pieces));
  auto root = join_mounts(place.mounts.get());
  if (!root) {
    return root.error();
  }
  std::vector<std::string> done;
  for (const Piece& piece : pieces) {
    auto put = put_on_target(root->get(), piece.target, piece.tree.get(), piece.folder);
    if (!put) {
      for (const std::string& target : done) {
        (void)take_off_target(root->get(), target, {});
      }
      return put.error();
    }
    if (*put) {
      done.push_back(piece.target);
    }
  }
  return ok();
}

Status remove_here(const MountPlace& place, const std::vector<BindMount>& mounts,
                   const std::vector<GuestDevice>& devices) {
  struct Wanted {
    std::string target;
    Origin origin;
  };
  std::vector<Wanted> wanted;
  for (const BindMount& mount : mounts) {
    Origin origin;
    struct stat facts = {};
    if (lstat(mount.source.c_str(), &facts) == 0) {
      origin = {Origin::Kind::kFile, facts.st_dev, facts.st_ino};
    }
    wanted.push_back({mount.target, origin});
  }
  for (const GuestDevice& device : devices) {
    wanted.push_back({device.target, {Origin::Kind::kNode, 0, 0}});
  }
  auto joined = join_user_namespace(place.user.get());
  if (!joined) {
    return joined.error();
  }
  auto root = join_mounts(place.mounts.get());
  if (!root) {
    return root.error();
  }
  for (auto one = wanted.rbegin(); one != wanted.rend(); ++one) {
    BERTH_TRY(take_off_target(root->get(), one->target, one->origin));
  }
  return ok();
}

// "inside outside count" in each line, as /proc/PID/uid_map has it.
std::vector<IdMap> parse_id_maps(const std::string& text) {
  std::vector<IdMap> maps;
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto number = [&](uint32_t& out) {
    while (at < end && (*at == ' ' || *at == '\n')) {
      ++at;
    }
    const auto [next, code] = std::from_chars(at, end, out);
    at = next;
    return code == std::errc();
  };
  IdMap map;
  while (number(map.inside) && number(map.outside) && number(map.count)) {
    maps.push_back(map);
  }
  return maps;
}

Result<std::vector<IdMap>> read_id_map(const std::string& path) {
  auto text = read_file(path, 65536);
  if (!text) {
    return text.error();
  }
  return parse_id_maps(*text);
}

}  // namespace

Result<MountPlace> mount_place_of(int init_pid) {
  const std::string folder = "/proc/" + to_text(init_pid);
  MountPlace place;
  place.user = Fd(open((folder + "/ns/user").c_str(), O_RDONLY | O_CLOEXEC));
  place.mounts = Fd(open((folder + "/ns/mnt").c_str(), O_RDONLY | O_CLOEXEC));
  if (!place.user.valid() || !place.mounts.valid()) {
    return fail("open", folder + "/ns");
  }
  auto uids = read_id_map(folder + "/uid_map");
  if (!uids) {
    return uids.error();
  }
  auto gids = read_id_map(folder + "/gid_map");
  if (!gids) {
    return gids.error();
  }
  place.uids = std::move(*uids);
  place.gids = std::move(*gids);
  return place;
}

Status add_to_guest(const MountPlace& place, const std::vector<BindMount>& mounts,
                    const std::vector<GuestDevice>& devices) {
  return work_inside([&] { return add_here(place, mounts, devices); });
}

Status remove_from_guest(const MountPlace& place, const std::vector<BindMount>& mounts,
                         const std::vector<GuestDevice>& devices) {
  return work_inside([&] { return remove_here(place, mounts, devices); });
}

std::vector<std::string> device_rules(const Spec& spec) {
  std::vector<std::string> rules = spec.devices;
  for (const GuestDevice& device : spec.guest_devices) {
    rules.push_back(device.rule);
  }
  return rules;
}

}  // namespace berth
