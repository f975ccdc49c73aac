#include "plug.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

#include "guest_mounts.h"
#include "join.h"
#include "lxcfs.h"
#include "report.h"
#include "spec_values.h"
#include "sys.h"
#include "wire.h"

namespace berth {
namespace {

struct Change {
  std::string verb, run_dir, value;
  bool adds() const { return verb == "mount" || verb == "plug"; }
};

template <typename Item>
void replace(std::vector<Item>& items, const Item& item, bool adds) {
  items.erase(
      std::remove_if(items.begin(), items.end(), [&](const Item& one) { return one.target == item.target; }),
      items.end());
  if (adds) {
    items.push_back(item);
  }
}

// One change at a time: the spec is read, changed and written.
Result<Fd> lock_guest(const std::string& run_dir) {
  const std::string path = run_dir + "/" + wire::kStateFile;
  Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.valid()) {
    return errno == ENOENT ? fail_with(ESRCH, "find the running guest", run_dir) : fail("open", path);
  }
  if (flock(file.get(), LOCK_EX) != 0) {
    return fail("lock", path);
  }
  return file;
}

Status write_spec(const Change& change, const Spec& spec) {
  const Fd folder(open(change.run_dir.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder.valid()) {
    return fail("open", change.run_dir);
  }
  return replace_file(folder.get(), wire::kSpecFile, encode_spec(spec), 0600);
}

Status change_mount(const Change& change, const Target& target) {
  BindMount mount;
  if (!parse_mount(change.value, mount)) {
    return fail_with(EINVAL, "read the mount", change.value);
  }
  auto place = mount_place_of(target.init_pid);
  if (!place) {
    return place.error();
  }
  BERTH_TRY(change.adds() ? add_to_guest(*place, {mount}, {}) : remove_from_guest(*place, {mount}, {}));
  Spec spec = target.spec;
  replace(spec.mounts, mount, change.adds());
  return write_spec(change, spec);
}

Status change_device(const Change& change, const Target& target) {
  GuestDevice device;
  if (!parse_guest_device(change.value, device)) {
    return fail_with(EINVAL, "read the device", change.value);
  }
  Spec spec = target.spec;
  replace(spec.guest_devices, device, change.adds());
  auto place = mount_place_of(target.init_pid);
  if (!place) {
    return place.error();
  }
  const auto before = device_rules(target.spec);
  const auto after = device_rules(spec);
  // The filter first, either way: from here on an open is refused, whatever nodes the guest has kept.
  BERTH_TRY(target.cgroup->change_devices(before, after));
  Status done = change.adds() ? add_to_guest(*place, {}, {device}) : remove_from_guest(*place, {}, {device});
  if (!done) {
    (void)target.cgroup->change_devices(after, before);
    return done;
  }
  return write_spec(change, spec);
}

Result<Change> parse_change(int argc, char** argv) {
  const int words = std::string_view(argv[1]) == "lxcfs" ? 4 : 5;
  if (argc != words || std::string_view(argv[2]) != "--run-dir") {
    return fail_with(EINVAL, "read the command line", argv[1]);
  }
  return Change{argv[1], argv[3], words == 5 ? argv[4] : ""};
}

Status run(int argc, char** argv) {
  auto change = parse_change(argc, argv);
  if (!change) {
    return change.error();
  }
  auto lock = lock_guest(change->run_dir);
  if (!lock) {
    return lock.error();
  }
  auto target = find_target(change->run_dir);
  if (!target) {
    return target.error();
  }
  if (change->verb == "lxcfs") {
    return renew_lxcfs(target->spec, target->init_pid);
  }
  const bool mounts = change->verb == "mount" || change->verb == "unmount";
  return mounts ? change_mount(*change, *target) : change_device(*change, *target);
}

}  // namespace

bool is_plug_verb(std::string_view verb) {
  return verb == "mount" || verb == "unmount" || verb == "plug" || verb == "unplug" || verb == "lxcfs";
}

int run_plug(int argc, char** argv) {
  auto done = run(argc, argv);
  if (done) {
    return 0;
  }
  const Error error = done.error();
  (void)write_all(2, "error " + errno_name(error.code) + " " + report_word(error.action) + " " +
                         report_word(error.path) + "\n");
  return 125;
}

}  // namespace berth
