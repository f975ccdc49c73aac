// A signal to one process of a guest, and to no other that may have its number by then.
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "group-lines.h"
#include "sys.h"
#include "task.h"

namespace berth::addon {
namespace {

Result<bool> is_in(int pid, const std::string& group) {
  Result<std::string> text = read_file("/proc/" + std::to_string(pid) + "/cgroup");
  if (!text) {
    return text.error();
  }
  return is_in_group(*text, group);
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
