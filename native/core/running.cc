#include "running.h"

#include "spec.h"
#include "sys.h"
#include "wire.h"

namespace berth {
namespace {

constexpr size_t kMaxState = 4096;

std::string value_of(const Entries& entries, const char* key) {
  for (const auto& [name, value] : entries) {
    if (name == key) {
      return value;
    }
  }
  return {};
}

Result<Entries> read_state(const std::string& run_dir) {
  auto text = read_file(run_dir + "/" + wire::kStateFile, kMaxState);
  if (!text) {
    Error error = text.error();
    return error.code == ENOENT ? fail_with(ESRCH, "find the running guest", run_dir) : error;
  }
  return parse_entries(*text);
}

}  // namespace

Result<RunningInit> find_running(const std::string& run_dir) {
  auto state = read_state(run_dir);
  if (!state) {
    return state.error();
  }
  auto boot = boot_id();
  const auto pid = parse_number(value_of(*state, "init_pid"));
  if (!boot || !pid || *pid > INT32_MAX || *boot != value_of(*state, "boot_id")) {
    return fail_with(ESRCH, "find the running guest", run_dir);
  }
  RunningInit found;
  found.pid = static_cast<int>(*pid);
  auto process = pidfd_of(found.pid);
  if (!process) {
    return process.error();
  }
  found.process = std::move(*process);
  // After the pidfd: from now on the pid cannot be another's without the pidfd knowing.
  auto start = start_time_of(found.pid);
  if (!start || to_text(static_cast<int64_t>(*start)) != value_of(*state, "init_start_time")) {
    return fail_with(ESRCH, "find the running guest", run_dir);
  }
  return found;
}

}  // namespace berth
