// Races for mounts: where they go, where they come from, what is unmounted.
#include "mounts.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <memory>

#include "guest_staging.h"
#include "guest_targets.h"
#include "lxcfs.h"
#include "race.h"
#include "spec.h"

namespace berth::races {
namespace {

std::shared_ptr<Fd> open_folder(const std::string& path) {
  auto fd = std::make_shared<Fd>(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  must(fd->valid(), "open " + path);
  return fd;
}

void make_folder(const std::string& path) {
  must(mkdir(path.c_str(), 0755) == 0, "mkdir " + path);
}

void make_link(const std::string& target, const std::string& path) {
  must(symlink(target.c_str(), path.c_str()) == 0, "symlink " + path);
}

}  // namespace

// A folder on the way to where a volume is mounted (CVE-2021-30465).
Race race_target(const Ground& ground) {
  const std::string& root = ground.root;
  const std::string lure = ground.outside + "/on";
  make_folder(root + "/way");
  make_folder(root + "/way/on");
  make_folder(root + "/volume");
  make_folder(lure);
  make_link(ground.outside, root + "/link");
  auto top = open_folder(root);
  auto source = open_folder(root + "/volume");
  Race race;
  race.swaps = {{root + "/way", root + "/link"}};
  race.round = [top, source] {
    auto tree = copy_tree(source->get(), "", false);
    const bool put = tree && put_on_target(top->get(), "/way/on", tree->get(), true);
    (void)!take_off_target(top->get(), "/way/on", {});
    return put;
  };
  race.naive = [root] {
    return looks_plain(root + "/way") &&
           mount((root + "/volume").c_str(), (root + "/way/on").c_str(), nullptr, MS_BIND, nullptr) == 0;
  };
  race.escaped = [root, lure] {
    // First what lies outside: by the guest's path it may be the same.
    const bool led = take_off(lure);
    take_off(root + "/way/on");
    return led || access((lure + "/../way").c_str(), F_OK) == 0;
  };
  return race;
}

// What a file, or the node of a device, is mounted on.
Race race_file_target(const Ground& ground) {
  const std::string& root = ground.root;
  const std::string lure = ground.outside + "/secret";
  put_file(lure, "secret");
  put_file(root + "/file", "");
  put_file(root + "/volume", "of the volume");
  make_link(lure, root + "/link");
  auto top = open_folder(root);
  auto source = std::make_shared<Fd>(open((root + "/volume").c_str(), O_PATH | O_CLOEXEC));
  Race race;
  race.swaps = {{root + "/file", root + "/link"}};
  race.round = [top, source] {
    auto tree = copy_tree(source->get(), "", false);
    const bool put = tree && put_on_target(top->get(), "/file", tree->get(), false);
    (void)!take_off_target(top->get(), "/file", {});
    return put;
  };
  race.naive = [root] {
    return looks_plain(root + "/file") &&
           mount((root + "/volume").c_str(), (root + "/file").c_str(), nullptr, MS_BIND, nullptr) == 0;
  };
  race.escaped = [root, lure] {
    const bool led = take_off(lure);
    // A mount holds its place: the exchange goes on once it is off.
    take_off(root + "/file");
    take_off(root + "/link");
    return led;
  };
  return race;
}

// What is unmounted where a volume goes: a mount of the host must stay.
Race race_unmount(const Ground& ground) {
  const std::string& root = ground.root;
  const std::string lure = ground.outside + "/on";
  make_folder(root + "/way");
  make_folder(root + "/way/on");
  make_folder(lure);
  make_link(ground.outside, root + "/link");
  auto top = open_folder(root);
  const auto put_back = [lure] {
    must(mount("kept", lure.c_str(), "tmpfs", 0, "size=4k") == 0, "mount " + lure);
  };
  put_back();
  Race race;
  race.swaps = {{root + "/way", root + "/link"}};
  race.round = [top] { return static_cast<bool>(take_off_target(top->get(), "/way/on", {})); };
  race.naive = [root] {
    return looks_plain(root + "/way") && umount2((root + "/way/on").c_str(), MNT_DETACH) == 0;
  };
  race.escaped = [lure, put_back] {
    if (is_mounted(lure)) {
      return false;
    }
    put_back();
    return true;
  };
  return race;
}

// A folder on the way to the source of a mount, in a folder of the host that some guest writes in.
Race race_source(const Ground& ground) {
  const std::string& root = ground.root;
  make_folder(root + "/way");
  make_folder(root + "/way/sub");
  make_folder(ground.outside + "/sub");
  make_link(ground.outside, root + "/link");
  const ino_t secret = inode_of(ground.outside + "/sub");
  auto got = std::make_shared<ino_t>(0);
  const auto look = [got](const Fd& tree) {
    struct stat facts = {};
    *got = tree.valid() && fstat(tree.get(), &facts) == 0 ? facts.st_ino : 0;
    return *got != 0;
  };
  Race race;
  race.swaps = {{root + "/way", root + "/link"}};
  race.round = [root, look] {
    BindMount wanted;
    wanted.source = root + "/way/sub";
    bool folder = false;
    auto tree = copy_source(wanted, -1, folder);
    return look(tree ? std::move(*tree) : Fd());
  };
  race.naive = [root, look] {
    const std::string path = root + "/way/sub";
    return looks_plain(root + "/way") &&
           look(Fd(static_cast<int>(
               syscall(SYS_open_tree, AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC))));
  };
  race.escaped = [got, secret] { return *got == secret; };
  return race;
}

// The files of lxcfs go over those of the guest's proc: another one, to which its links lead, is not its own.
Race race_lxcfs(const Ground& ground) {
  const std::string& root = ground.root;
  const std::string lure = ground.outside + "/uptime";
  const std::string own = root + "/own/uptime";
  for (const std::string& path : {ground.outside, root + "/own"}) {
    mkdir(path.c_str(), 0755);
    must(mount("proc", path.c_str(), "proc", 0, nullptr) == 0, "mount " + path);
  }
  make_folder(root + "/lxcfs");
  make_folder(root + "/lxcfs/proc");
  put_file(root + "/lxcfs/proc/uptime", "1.00 1.00\n");
  make_link("own", root + "/proc");
  make_link(ground.outside, root + "/link");
  auto top = open_folder(root);
  auto spec = std::make_shared<Spec>();
  spec->lxcfs = root + "/lxcfs";
  Race race;
  race.swaps = {{root + "/proc", root + "/link"}};
  race.round = [top, spec, own] { return cover_with_lxcfs(*spec, top->get()) && is_mounted(own); };
  race.naive = [root] {
    char way[64] = {};
    const bool safe = readlink((root + "/proc").c_str(), way, sizeof way - 1) > 0 && way[0] != '/';
    return safe && mount((root + "/lxcfs/proc/uptime").c_str(), (root + "/proc/uptime").c_str(), nullptr,
                         MS_BIND, nullptr) == 0;
  };
  race.escaped = [own, lure] {
    const bool led = take_off(lure);
    take_off(own);
    return led;
  };
  return race;
}

}  // namespace berth::races
