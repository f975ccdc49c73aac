#include "guest_mounts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "guest_staging.h"
#include "guest_targets.h"
#include "spec_values.h"
#include "sys.h"
#include "work_inside.h"

namespace berth {
namespace {

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
