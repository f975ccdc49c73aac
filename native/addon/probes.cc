// What this kernel lets us do, by doing it: in children and threads that take what they made along.
#include "probes.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "sys.h"
#include "task.h"

namespace berth::addon {
namespace {

int unshare_errno(int flags) {
  return unshare(flags) == 0 ? 0 : errno;
}

// Of a child that executes nothing: what it is a copy of has descriptors whose last end others wait for.
// Keeps one to read from and one to write to, as 0 and 1.
void keep_only(int reading, int writing) {
  dup2(reading, 0);
  dup2(writing, 1);
  syscall(SYS_close_range, 2, ~0U, 0);
}

// A user namespace that lives as long as the child that holds it.
Result<Fd> make_user_namespace() {
  int gate[2];
  int done[2];
  if (pipe2(gate, O_CLOEXEC) != 0 || pipe2(done, O_CLOEXEC) != 0) {
    return fail("make a pipe");
  }
  const Fd gate_read(gate[0]);
  Fd gate_write(gate[1]);
  const Fd done_read(done[0]);
  Fd done_write(done[1]);
  const pid_t pid = fork();
  if (pid < 0) {
    return fail("fork");
  }
  if (pid == 0) {
    keep_only(gate[0], done[1]);
    const int failure = unshare(CLONE_NEWUSER) == 0 ? 0 : errno;
    (void)!write(1, &failure, sizeof failure);
    char byte = 0;
    (void)!read(0, &byte, 1);
    _exit(0);
  }
  done_write.reset();
  int code = EIO;
  (void)!read(done_read.get(), &code, sizeof code);
  const std::string process = "/proc/" + to_text(pid);
  Status mapped = ok();
  Fd user;
  if (code == 0) {
    mapped = write_into(AT_FDCWD, process + "/uid_map", "0 268435456 65536");
    if (mapped) {
      mapped = write_into(AT_FDCWD, process + "/gid_map", "0 268435456 65536");
    }
    user = Fd(open((process + "/ns/user").c_str(), O_RDONLY | O_CLOEXEC));
  }
  gate_write.reset();
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (code != 0) {
    return fail_with(code, "make a user namespace");
  }
  if (!mapped) {
    return mapped.error();
  }
  return user;
}

Status try_idmap(const std::string& folder) {
  Result<Fd> user = make_user_namespace();
  if (!user) {
    return user.error();
  }
  const Fd tree(static_cast<int>(
      syscall(SYS_open_tree, AT_FDCWD, folder.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)));
  if (!tree.valid()) {
    return fail("clone the mount", folder);
  }
  mount_attr attributes = {};
  attributes.attr_set = MOUNT_ATTR_IDMAP;
  attributes.userns_fd = static_cast<uint64_t>(user->get());
  if (syscall(SYS_mount_setattr, tree.get(), "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0) {
    return fail("idmap the mount", folder);
  }
  return ok();
}

Status try_file_system(const std::string& name) {
  const Fd context(static_cast<int>(syscall(SYS_fsopen, name.c_str(), FSOPEN_CLOEXEC)));
  return context.valid() ? ok() : Status(fail("open the file system", name));
}

Status try_named(const std::string& name, const std::string& folder) {
  static const std::pair<const char*, int> kNamespaces[] = {
      {"user", CLONE_NEWUSER}, {"mnt", CLONE_NEWNS},  {"pid", CLONE_NEWPID},       {"uts", CLONE_NEWUTS},
      {"ipc", CLONE_NEWIPC},   {"net", CLONE_NEWNET}, {"cgroup", CLONE_NEWCGROUP}, {"time", CLONE_NEWTIME}};
  for (const auto& [kind, flag] : kNamespaces) {
    if (name == kind) {
      return in_child(unshare_errno, flag, "unshare");
    }
  }
  Status outcome = ok();
  if (try_network(name, outcome) || try_security(name, outcome)) {
    return outcome;
  }
  return name == "idmap" ? try_idmap(folder) : try_file_system(name);
}

// probe(name, folder): resolves when this host can, rejects with why it cannot.
Napi::Value probe(const Napi::CallbackInfo& info) {
  return run_status(info.Env(),
                    [name = text(info[0]), folder = text(info[1])] { return try_named(name, folder); });
}

}  // namespace

void add_probes(Napi::Env env, Napi::Object exports) {
  exports.Set("probe", Napi::Function::New(env, probe));
}

}  // namespace berth::addon
