// A signal to one process of a guest, and to no other that may have its number by then.
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys.h"
#include "task.h"

namespace berth::addon {
namespace {

// Whether a line of /proc/PID/cgroup is of `group` (berth0/guests/ID) or of one below it. Where a guest gives
// a group of its own such a name, the guest's real one stands before it.
bool is_of(const std::string& path, const std::string& group) {
  const std::string parent = "/" + group.substr(0, group.rfind('/') + 1);
  const size_t at = path.find(parent);
  if (at == std::string::npos || path.compare(at + 1, group.size(), group) != 0) {
    return false;
  }
  const size_t end = at + 1 + group.size();
  return end == path.size() || path[end] == '/';
}

Result<bool> is_in(int pid, const std::string& group) {
  Result<std::string> text = read_file("/proc/" + std::to_string(pid) + "/cgroup");
  if (!text) {
    return text.error();
  }
  size_t start = 0;
  while (start < text->size()) {
    const size_t end = std::min(text->find('\n', start), text->size());
    const std::string line = text->substr(start, end - start);
    const size_t path = line.find(':', line.find(':') + 1);
    if (path != std::string::npos && is_of(line.substr(path + 1), group)) {
      return true;
    }
    start = end + 1;
  }
  return false;
}

// The descriptor stands for the process that was looked at: were it another one by the time that its group is
// read, the signal would find nobody.
Status signal_in(int pid, int signal, const std::string& group) {
  Result<Fd> process = pidfd_of(pid);
  if (!process) {
    return process.error();
  }
  Result<bool> inside = is_in(pid, group);
  if (!inside || !*inside) {
    return fail_with(ESRCH, "find the process in", group);
  }
  if (syscall(SYS_pidfd_send_signal, process->get(), signal, nullptr, 0) != 0) {
    return fail("signal process", std::to_string(pid));
  }
  return Unit{};
}

// signalProcess(pid, signal, group)
Napi::Value signal_process(const Napi::CallbackInfo& info) {
  return run_status(info.Env(),
                    [pid = info[0].ToNumber().Int32Value(), signal = info[1].ToNumber().Int32Value(),
                     group = text(info[2])] { return signal_in(pid, signal, group); });
}

}  // namespace

void add_signals(Napi::Env env, Napi::Object exports) {
  exports.Set("signalProcess", Napi::Function::New(env, signal_process));
}

}  // namespace berth::addon
