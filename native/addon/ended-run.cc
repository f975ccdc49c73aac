// What a run leaves in its folder, for the server: the end of the console is kept, the rest goes.
#include <fcntl.h>
#include <sys/stat.h>

#include "groups.h"
#include "remove-tree.h"
#include "spec.h"
#include "sys.h"
#include "wire.h"

namespace berth::addon {
namespace {

constexpr size_t kMaxExit = 4096;
constexpr const char* kKeptConsole = "console";

Fd open_folder(const std::string& path) {
  return Fd(open(path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// The bytes [start, end) of the stream that the ring holds at the end of it.
Result<std::string> last_of_ring(int run_dir, uint64_t end) {
  std::string bytes;
  if (end == 0) {
    return bytes;
  }
  const Fd ring(openat(run_dir, wire::kRingFile, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!ring.valid()) {
    return fail("open", wire::kRingFile);
  }
  const size_t kept = std::min<uint64_t>(end, wire::kRingBytes);
  bytes.resize(kept);
  for (size_t done = 0; done < kept;) {
    const uint64_t at = (end - kept + done) % wire::kRingBytes;
    const size_t part = std::min<uint64_t>(kept - done, wire::kRingBytes - at);
    const ssize_t got = pread(ring.get(), bytes.data() + done, part, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return fail_with(got < 0 ? errno : EIO, "read", wire::kRingFile);
    }
    done += static_cast<size_t>(got);
  }
  return bytes;
}

// In the guest's own folder: the exit file, a newline, then the last bytes that the console printed. One that
// printed nothing is kept too: who attaches learns how it ended. A run whose supervisor was killed leaves
// none.
Status keep_console(int run_dir, const std::string& guest_dir) {
  const Fd file(openat(run_dir, wire::kExitFile, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file.valid()) {
    return errno == ENOENT ? ok() : Status(fail("open", wire::kExitFile));
  }
  Result<std::string> exit = read_all(file.get(), kMaxExit);
  Result<Entries> entries = exit ? parse_entries(*exit) : Result<Entries>(exit.error());
  if (!entries) {
    return entries.error();
  }
  for (const auto& [key, value] : *entries) {
    const auto end = key == "console_end" ? parse_number(value) : std::nullopt;
    if (!end) {
      continue;
    }
    Result<std::string> bytes = last_of_ring(run_dir, *end);
    if (!bytes) {
      return bytes.error();
    }
    const Fd folder = open_folder(guest_dir);
    return folder.valid() ? replace_file(folder.get(), kKeptConsole, *exit + "\n" + *bytes, 0600)
                          : Status(fail("open", guest_dir));
  }
  return ok();
}

struct EndedRun {
  std::string group;  // none: it has gone, as the supervisor said itself
  std::string run_dir, guest_dir;
  bool deleted = false;  // the guest's folder goes as well, and what the console printed with it
};

Status remove_group(const std::string& path) {
  Status gone = with_group<Unit>(path, {}, [](const Cgroup& group) -> Status {
    BERTH_TRY(group.kill());
    return group.remove();
  });
  if (gone) {
    return gone;
  }
  Error error = gone.error();
  return error.code == ENOENT ? ok() : Status(std::move(error));
}

// False: the supervisor was killed before it took away its spec, and with it the link and who waits for the
// guest's end; nothing is touched then.
Result<bool> clear_run(const EndedRun& run) {
  const Fd folder = open_folder(run.run_dir);
  if (folder.valid() && faccessat(folder.get(), wire::kSpecFile, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
    return false;
  }
  if (!folder.valid() && errno != ENOENT) {
    return fail("open", run.run_dir);
  }
  if (!run.group.empty()) {
    BERTH_TRY(remove_group(run.group));
  }
  if (folder.valid()) {
    if (!run.deleted) {
      (void)keep_console(folder.get(), run.guest_dir);  // what was printed is not worth a failed stop
    }
    BERTH_TRY(remove_tree(run.run_dir));
  }
  if (run.deleted) {
    BERTH_TRY(remove_tree(run.guest_dir));
  }
  return true;
}

// keepConsole(runDir, guestDir)
Napi::Value keep_console_of(const Napi::CallbackInfo& info) {
  return run_status(info.Env(), [run_dir = text(info[0]), guest_dir = text(info[1])]() -> Status {
    const Fd folder = open_folder(run_dir);
    return folder.valid() ? keep_console(folder.get(), guest_dir) : Status(fail("open", run_dir));
  });
}

// clearRun(group, runDir, guestDir, deleted) → whether all is gone
Napi::Value clear_run_of(const Napi::CallbackInfo& info) {
  return Task<bool>::run(
      info.Env(),
      [run = EndedRun{text(info[0]), text(info[1]), text(info[2]), info[3].ToBoolean()}] {
        return clear_run(run);
      },
      [](Napi::Env env, bool& cleared) -> Napi::Value { return Napi::Boolean::New(env, cleared); });
}

}  // namespace

void add_ended_runs(Napi::Env env, Napi::Object exports) {
  exports.Set("keepConsole", Napi::Function::New(env, keep_console_of));
  exports.Set("clearRun", Napi::Function::New(env, clear_run_of));
}

}  // namespace berth::addon
