// Starting supervisors and `enter session`; making guests' folders and removing what they wrote.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fork-server.h"
#include "remove-tree.h"
#include "spawn.h"
#include "task.h"

namespace berth::addon {
namespace {

Result<std::string> spawn_reporting(const std::vector<std::string>& command, const std::string& spec) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return fail("make a pipe");
  }
  const Fd reading(ends[0]);
  Fd writing = lift(Fd(ends[1]));
  Result<Fd> memory = sealed(spec);
  if (!memory) {
    return memory.error();
  }
  const Fd lifted = lift(std::move(*memory));
  if (!writing.valid() || !lifted.valid()) {
    return fail("duplicate a descriptor");
  }
  Result<pid_t> pid = spawn_with(command, lifted.get(), writing.get());
  if (!pid) {
    return pid.error();
  }
  writing.reset();
  Result<std::string> report = read_report(reading.get());
  if (!report) {
    ::kill(*pid, SIGKILL);
  }
  // The one that we started leaves at once; the holder goes on as a child of init.
  wait_for(*pid);
  return report;
}

// spawnReporting(command, spec) → the report's text: the spec on descriptor 3, the report from descriptor 4.
Napi::Value spawn_and_hear(const Napi::CallbackInfo& info) {
  const auto spec = info[1].As<Napi::Buffer<char>>();
  return Task<std::string>::run(
      info.Env(),
      [command = texts(info[0]), bytes = std::string(spec.Data(), spec.Length())] {
        return spawn_reporting(command, bytes);
      },
      [](Napi::Env env, std::string& report) -> Napi::Value { return Napi::String::New(env, report); });
}

// startSupervisor(program, group, spec, { folder, forget }) → the report's text
Napi::Value start_supervisor_of(const Napi::CallbackInfo& info) {
  const auto spec = info[2].As<Napi::Buffer<char>>();
  const auto before = info[3].As<Napi::Object>();
  SupervisorStart start = {text(info[0]), text(info[1]), std::string(spec.Data(), spec.Length()),
                           text(before.Get("folder")), texts(before.Get("forget"))};
  return Task<std::string>::run(
      info.Env(), [start = std::move(start)] { return start_supervisor(start); },
      [](Napi::Env env, std::string& report) -> Napi::Value { return Napi::String::New(env, report); });
}

// stopForkServer(group)
Napi::Value stop_fork_server_of(const Napi::CallbackInfo& info) {
  return run_status(info.Env(), [group = text(info[0])] {
    stop_fork_server(group);
    return ok();
  });
}

Napi::Value remove_tree_of(const Napi::CallbackInfo& info) {
  return run_status(info.Env(), [path = text(info[0])] { return remove_tree(path); });
}

// MODE whatever the umask, which belongs to the whole process.
Status make_folder(int dir, const char* name, mode_t mode) {
  if (mkdirat(dir, name, mode) != 0 && errno != EEXIST) {
    return fail("make the folder", name);
  }
  return fchmodat(dir, name, mode, 0) == 0 ? ok() : Status(fail("change the mode of the folder", name));
}

Status make_guest_folder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail("make the folder", path);
  }
  const Fd dir(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!dir.valid()) {
    return fail("open", path);
  }
  BERTH_TRY(make_folder(dir.get(), "upper", 0755));
  return make_folder(dir.get(), "work", 0700);
}

// makeGuestFolder(path): the parent is there
Napi::Value make_guest_folder_at(const Napi::CallbackInfo& info) {
  return run_status(info.Env(), [path = text(info[0])] { return make_guest_folder(path); });
}

}  // namespace

void add_processes(Napi::Env env, Napi::Object exports) {
  exports.Set("spawnReporting", Napi::Function::New(env, spawn_and_hear));
  exports.Set("startSupervisor", Napi::Function::New(env, start_supervisor_of));
  exports.Set("stopForkServer", Napi::Function::New(env, stop_fork_server_of));
  exports.Set("makeGuestFolder", Napi::Function::New(env, make_guest_folder_at));
  exports.Set("removeTree", Napi::Function::New(env, remove_tree_of));
}

}  // namespace berth::addon
