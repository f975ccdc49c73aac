// Races for files: what is written at a start, who a user is, where a command begins, what is removed.
#include <dirent.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>

#include "fd.h"
#include "program.h"
#include "race.h"
#include "remove-tree.h"
#include "rootfs.h"
#include "spec.h"
#include "sys.h"
#include "users.h"

namespace berth::races {
namespace {

constexpr int kLeaked = 9;  // a descriptor of the host that a command must not begin in

void make_folder(const std::string& path) {
  must(mkdir(path.c_str(), 0755) == 0, "mkdir " + path);
}

void make_link(const std::string& target, const std::string& path) {
  must(symlink(target.c_str(), path.c_str()) == 0, "symlink " + path);
}

std::string text_of(const std::string& path) {
  auto text = read_file(path);
  return text ? *text : std::string();
}

// As an entered guest sees the world.
void change_root(const std::string& root) {
  static bool changed = false;
  must(changed || (chroot(root.c_str()) == 0 && chdir("/") == 0), "chroot");
  changed = true;
}

}  // namespace

// /etc and what is in it, as a start writes them.
Race race_identity(const Ground& ground) {
  const std::string& root = ground.root;
  const std::string secret = ground.outside + "/secret";
  make_folder(root + "/etc");
  put_file(secret, "secret");
  make_link(ground.outside, root + "/link");
  put_file(root + "/etc/hostname", "before\n");
  make_link(secret, root + "/etc/link");
  make_link(secret, ground.outside + "/hostname");
  auto top = std::make_shared<Fd>(open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  auto spec = std::make_shared<Spec>();
  spec->resolv_conf = "nameserver 10.0.0.1\n";
  auto serial = std::make_shared<int>(0);
  Race race;
  race.swaps = {{root + "/etc", root + "/link"}, {root + "/etc/hostname", root + "/etc/link"}};
  race.round = [top, spec, serial] {
    return static_cast<bool>(write_identity(top->get(), *spec, "host-" + to_text(++*serial)));
  };
  race.naive = [root] {
    const std::string path = root + "/etc/hostname";
    if (!looks_plain(root + "/etc") || !looks_plain(path)) {
      return false;
    }
    const Fd file(open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
    return file.valid() && write_all(file.get(), "naive\n");
  };
  race.escaped = [outside = ground.outside, secret] {
    struct stat facts = {};
    const bool written = text_of(secret) != "secret";
    const bool added = access((outside + "/resolv.conf").c_str(), F_OK) == 0 ||
                       lstat((outside + "/hostname").c_str(), &facts) != 0 || !S_ISLNK(facts.st_mode);
    if (written) {
      put_file(secret, "secret");
    }
    return written || added;
  };
  return race;
}

// passwd and group, for who a command runs as: a link that leads out, a pipe that nobody writes in.
Race race_account(const Ground& ground) {
  const std::string& root = ground.root;
  make_folder(root + "/etc");
  put_file(root + "/etc/passwd", "user:x:1000:1000::/:/bin/sh\n");
  put_file(root + "/etc/group", "");
  put_file(ground.outside + "/passwd", "user:x:4242:4242::/:/bin/sh\n");
  make_link(ground.outside + "/passwd", root + "/etc/link");
  must(mkfifo((root + "/etc/pipe").c_str(), 0666) == 0, "mkfifo");
  auto uid = std::make_shared<uint32_t>(0);
  Race race;
  race.swaps = {{root + "/etc/passwd", root + "/etc/link"}, {root + "/etc/group", root + "/etc/pipe"}};
  race.round = [root, uid] {
    change_root(root);
    alarm(60);  // hanging is the end of the race, and seen
    auto account = find_account("user");
    *uid = account ? account->user.uid : 0;
    return *uid == 1000;
  };
  race.naive = [root, uid] {
    const std::string path = root + "/etc/passwd";
    *uid = looks_plain(path) && text_of(path).find(":4242:") != std::string::npos ? 4242 : 0;
    return *uid == 0;
  };
  race.escaped = [uid] { return *uid == 4242; };
  return race;
}

// The working directory of a command: a link to a descriptor of the host that is open still (CVE-2024-21626).
Race race_workdir(const Ground& ground) {
  const std::string& root = ground.root;
  make_folder(root + "/work");
  make_folder(root + "/proc");
  must(mount("proc", (root + "/proc").c_str(), "proc", 0, nullptr) == 0, "mount proc");
  make_link("/proc/self/fd/" + to_text(kLeaked), root + "/link");
  const int folder = open(ground.outside.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct stat facts = {};
  must(folder >= 0 && fstat(folder, &facts) == 0 && dup2(folder, kLeaked) == kLeaked,
       "open " + ground.outside);
  const ino_t secret = facts.st_ino;
  auto began = std::make_shared<bool>(false);
  Race race;
  race.swaps = {{root + "/work", root + "/link"}};
  race.round = [root, began] {
    change_root(root);
    must(chdir("/") == 0, "chdir");
    *began = static_cast<bool>(enter_workdir("/work"));
    return *began;
  };
  race.naive = [root, began] {
    change_root(root);
    must(chdir("/") == 0, "chdir");
    *began = looks_plain("/work") && chdir("/work") == 0;
    return *began;
  };
  race.escaped = [began, secret] {
    struct stat here = {};
    return *began && stat(".", &here) == 0 && here.st_ino == secret;
  };
  return race;
}

namespace {

// What one would write first: look, then go on by name.
bool remove_by_path(const std::string& path) {
  DIR* list = opendir(path.c_str());
  if (list == nullptr) {
    return false;
  }
  while (const dirent* entry = readdir(list)) {
    const std::string name = entry->d_name;
    const std::string child = std::string(path).append("/").append(name);
    struct stat facts = {};
    if (name == "." || name == ".." || lstat(child.c_str(), &facts) != 0) {
      continue;
    }
    if (S_ISDIR(facts.st_mode)) {
      remove_by_path(child);
    } else {
      unlink(child.c_str());
    }
  }
  closedir(list);
  return rmdir(path.c_str()) == 0;
}

void plant(const std::string& tree) {
  mkdir(tree.c_str(), 0755);
  mkdir((tree + "/folder").c_str(), 0755);
  mkdir((tree + "/folder/deep").c_str(), 0755);
  const Fd one(open((tree + "/folder/file").c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644));
  const Fd other(
      open((tree + "/folder/deep/file").c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644));
}

}  // namespace

// Removing a tree in which somebody still exchanges folders for links, and moves the one that is being
// emptied elsewhere.
Race race_removal(const Ground& ground) {
  const std::string tree = ground.root + "/tree";
  const std::string beside = ground.root + "/beside";
  const std::string kept = ground.outside + "/file";
  make_folder(beside);
  make_folder(beside + "/deep");
  put_file(beside + "/kept", "kept");
  put_file(kept, "kept");
  make_link(ground.outside, ground.root + "/link");
  make_folder(tree);
  make_folder(tree + "/folder");
  make_folder(tree + "/folder/deep");
  Race race;
  race.swaps = {{tree + "/folder", ground.root + "/link"}, {tree + "/folder/deep", beside + "/deep"}};
  race.round = [tree] {
    plant(tree);
    return static_cast<bool>(addon::remove_tree(tree));
  };
  race.naive = [tree] {
    plant(tree);
    return remove_by_path(tree);
  };
  race.escaped = [kept, beside, root = ground.root, outside = ground.outside] {
    const bool lost = access(kept.c_str(), F_OK) != 0 || access((beside + "/kept").c_str(), F_OK) != 0;
    // The link goes with the tree when it was in it: a new one for the next round.
    const std::string link = root + "/link";
    if (looks_plain(link)) {
      (void)addon::remove_tree(link);
    }
    if (symlink(outside.c_str(), link.c_str()) == 0 || lost) {
      put_file(kept, "kept");
      put_file(beside + "/kept", "kept");
    }
    mkdir((beside + "/deep").c_str(), 0755);
    return lost;
  };
  return race;
}

}  // namespace berth::races
