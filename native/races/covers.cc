// Races for what covers files of a guest, for nodes of devices, and for what the host keeps of a guest.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <utility>

#include "guest_targets.h"
#include "learner.h"
#include "mounts.h"
#include "race.h"
#include "rootfs.h"
#include "spec.h"
#include "sys.h"

namespace berth::races {
namespace {

struct Masked {
  Spec spec;
  std::vector<Lender> lenders;
  Fd top;
};

// A folder with a file and a folder in it, and one like it outside, to which a link leads.
std::shared_ptr<Masked> lay_out(const Ground& ground) {
  for (const std::string& folder : {ground.root + "/way", ground.outside}) {
    mkdir(folder.c_str(), 0755);
    put_file(folder + "/file", "secret");
    must(mkdir((folder + "/folder").c_str(), 0755) == 0, "mkdir " + folder);
  }
  must(symlink(ground.outside.c_str(), (ground.root + "/link").c_str()) == 0, "symlink");
  auto made = std::make_shared<Masked>();
  made->top = Fd(open(ground.root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  return made;
}

// Both names are taken off wherever they lead now; what lies outside goes first, and is what counts.
bool uncover(const Ground& ground) {
  bool led = false;
  for (const char* name : {"/file", "/folder"}) {
    led = take_off(ground.outside + name) || led;
  }
  for (const char* name : {"/way/file", "/way/folder", "/link/file", "/link/folder"}) {
    take_off(ground.root + name);
  }
  return led;
}

Race of_covers(const Ground& ground, const std::shared_ptr<Masked>& made) {
  Race race;
  race.swaps = {{ground.root + "/way", ground.root + "/link"}};
  race.round = [made] {
    return static_cast<bool>(mask_all({made->spec, made->lenders, -1, -1, 0, -1}, made->top.get()));
  };
  race.escaped = [ground] { return uncover(ground); };
  return race;
}

}  // namespace

// A folder on the way to what is masked: a mask that lands outside hides what the host has there.
Race race_masks(const Ground& ground) {
  auto made = lay_out(ground);
  made->spec.masks = {"/way/file", "/way/folder"};
  Race race = of_covers(ground, made);
  race.naive = [root = ground.root] {
    return looks_plain(root + "/way") &&
           mount("/dev/null", (root + "/way/file").c_str(), nullptr, MS_BIND, nullptr) == 0;
  };
  return race;
}

// The same for what is made read-only.
Race race_read_only(const Ground& ground) {
  auto made = lay_out(ground);
  made->spec.read_only = {"/way/file", "/way/folder"};
  Race race = of_covers(ground, made);
  race.naive = [root = ground.root] {
    const std::string path = root + "/way/folder";
    return looks_plain(root + "/way") && mount(path.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) == 0;
  };
  return race;
}

// What the node of a device that comes and goes is mounted on, and what is removed of it when it goes.
Race race_device(const Ground& ground) {
  const std::string& root = ground.root;
  const std::string lure = ground.outside + "/empty";
  const std::string node = root + "/node";
  put_file(lure, "");
  put_file(root + "/device", "");
  must(mknod(node.c_str(), S_IFCHR | 0600, makedev(1, 3)) == 0, "mknod " + node);
  must(symlink(lure.c_str(), (root + "/link").c_str()) == 0, "symlink");
  auto top = std::make_shared<Fd>(open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  auto source = std::make_shared<Fd>(open(node.c_str(), O_PATH | O_CLOEXEC));
  Origin origin;
  origin.kind = Origin::Kind::kNode;
  Race race;
  race.swaps = {{root + "/device", root + "/link"}};
  race.round = [top, source, origin] {
    auto tree = copy_tree(source->get(), "", false);
    const bool put = tree && put_on_target(top->get(), "/device", tree->get(), false);
    const bool gone = static_cast<bool>(take_off_target(top->get(), "/device", origin));
    return put && gone;
  };
  race.naive = [root, node] {
    const std::string path = root + "/device";
    return looks_plain(path) && mount(node.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) == 0;
  };
  race.escaped = [root, lure] {
    bool led = take_off(lure);
    take_off(root + "/device");
    take_off(root + "/link");
    if (access(lure.c_str(), F_OK) != 0) {
      led = true;
      put_file(lure, "");
    }
    // It goes with its device: a new one, so that there is something to exchange.
    const Fd made(open((root + "/device").c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    return led;
  };
  return race;
}

// A mount on the host in a guest's folder, which the doctor takes off: never another one of the host.
Race race_stray_mount(const Ground& ground) {
  const std::string& root = ground.root;
  const std::string lure = ground.outside + "/on";
  const std::string stray = root + "/way/on";
  must(mkdir((root + "/way").c_str(), 0755) == 0 && mkdir(stray.c_str(), 0755) == 0 &&
           mkdir(lure.c_str(), 0755) == 0,
       "mkdir");
  must(symlink(ground.outside.c_str(), (root + "/link").c_str()) == 0, "symlink");
  const auto put_back = [lure] {
    must(mount("kept", lure.c_str(), "tmpfs", 0, "size=4k") == 0, "mount " + lure);
  };
  put_back();
  Race race;
  race.swaps = {{root + "/way", root + "/link"}};
  race.round = [stray, root] {
    (void)(looks_plain(root + "/way") && mount("stray", stray.c_str(), "tmpfs", 0, "size=4k") == 0);
    return static_cast<bool>(unmount_exactly(stray));
  };
  race.naive = [stray, root] {
    return looks_plain(root + "/way") && umount2(stray.c_str(), MNT_DETACH) == 0;
  };
  // What the round itself mounted there, led astray, lies over the one that must stay.
  race.escaped = [lure, put_back, root] {
    size_t there = 0;
    while (take_off_one(lure)) {
      ++there;
    }
    for (const char* way : {"/way/on", "/link/on"}) {
      take_off(root + way);
    }
    put_back();
    return there == 0;
  };
  return race;
}

// The file in which is written what a guest would need: a link, or a pipe, in its place.
Race race_learned(const Ground& ground) {
  const std::string file = ground.root + "/learned";
  const std::string secret = ground.outside + "/secret";
  put_file(file, "");
  put_file(secret, "secret");
  must(symlink(secret.c_str(), (ground.root + "/link").c_str()) == 0, "symlink");
  must(mkfifo((ground.root + "/pipe").c_str(), 0666) == 0, "mkfifo");
  auto spec = std::make_shared<Spec>();
  spec->learn = file;
  Race race;
  race.swaps = {{file, ground.root + "/link"}, {ground.root + "/link", ground.root + "/pipe"}};
  auto kept = std::make_shared<std::optional<Learner>>();
  race.round = [spec, kept] {
    alarm(60);  // hanging is the end of the race, and seen
    auto learner = Learner::open(*spec);
    if (learner) {
      kept->emplace(std::move(*learner));
    }
    return static_cast<bool>(learner);
  };
  race.naive = [file] {
    const Fd opened(looks_plain(file) ? open(file.c_str(), O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC)
                                      : -1);
    return opened.valid() && write_all(opened.get(), "naive\n");
  };
  // Whether it holds what lies outside, or something was written there.
  race.escaped = [secret, kept, inode = inode_of(secret)] {
    bool led = false;
    for (int fd = 3; fd < 32 && *kept; ++fd) {
      struct stat facts = {};
      led = led || (fstat(fd, &facts) == 0 && facts.st_ino == inode);
    }
    kept->reset();
    auto text = read_file(secret);
    if (!text || *text != "secret") {
      put_file(secret, "secret");
      return true;
    }
    return led;
  };
  return race;
}

}  // namespace berth::races
