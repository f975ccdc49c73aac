#include "hooks.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "detach.h"
#include "fd.h"
#include "program.h"
#include "sys.h"
#include "walls.h"

namespace berth {
namespace {

constexpr size_t kLongestLine = 300;

std::string quoted(const std::string& text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      out.append(1, '\\').append(1, letter);
    } else if (code < 0x20) {
      out.append("\\u00").append(1, kHex[code >> 4]).append(1, kHex[code & 15]);
    } else {
      out += letter;
    }
  }
  return out + "\"";
}

// What it said on standard error, as far as the end of it matters.
class Said {
 public:
  // False at its end.
  bool take(int pipe) {
    std::array<char, 4096> bytes;
    const ssize_t got = read(pipe, bytes.data(), bytes.size());
    if (got <= 0) {
      return got < 0 && errno == EAGAIN;
    }
    text_.append(bytes.data(), static_cast<size_t>(got));
    if (text_.size() > bytes.size()) {
      text_.erase(0, text_.size() - bytes.size());
    }
    return true;
  }
  std::string last_line() const {
    const size_t end = text_.find_last_not_of("\r\n ");
    if (end == std::string::npos) {
      return {};
    }
    const size_t start = text_.find_last_of('\n', end) + 1;  // npos + 1 is 0
    std::string line = text_.substr(start, std::min(end + 1 - start, kLongestLine));
    for (char& letter : line) {
      letter = static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f ? '?' : letter;
    }
    return line;
  }

 private:
  std::string text_;
};

struct Started {
  Fd process, errors;
  int pid = -1;
};

[[noreturn]] void become_hook(const Hook& hook, int input, int errors,
                              const std::function<Status()>& prepare) {
  const auto give_up = [](const Error& error) {
    const std::string text =
        "it cannot " + error.action + " " + error.path + ": " + strerror(error.code) + "\n";
    (void)write_all(2, text);
    _exit(127);
  };
  const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (dup2(input, 0) < 0 || dup2(null, 1) < 0 || dup2(errors, 2) < 0) {
    _exit(127);
  }
  setsid();
  auto cleaned = clean_process();
  if (!cleaned) {
    give_up(cleaned.error());
  }
  auto prepared = prepare();
  if (!prepared) {
    give_up(prepared.error());
  }
  give_up(run_program(hook.args.empty() ? std::vector{hook.path} : hook.args, hook.env, hook.path));
  _exit(127);
}

Result<Fd> memory_file(const std::string& text) {
  Fd file(memfd_create("state", MFD_CLOEXEC));
  if (!file.valid()) {
    return fail("memfd_create");
  }
  BERTH_TRY(write_all(file.get(), text));
  lseek(file.get(), 0, SEEK_SET);
  return file;
}

Result<Started> spawn_hook(const Hook& hook, const std::string& state,
                           const std::function<Status()>& prepare) {
  auto input = memory_file(state);
  if (!input) {
    return input.error();
  }
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail("pipe2");
  }
  Started started;
  started.errors = Fd(ends[0]);
  const Fd write_end(ends[1]);
  fcntl(started.errors.get(), F_SETFL, O_NONBLOCK);
  int pidfd = -1;
  const long pid = clone_process(-1, pidfd);
  if (pid < 0) {
    return fail("clone3");
  }
  if (pid == 0) {
    become_hook(hook, input->get(), write_end.get(), prepare);
  }
  started.pid = static_cast<int>(pid);
  started.process = Fd(pidfd);
  return started;
}

// True: it has ended by itself.
bool wait_for_end(const Started& started, uint32_t timeout_ms, Said& said) {
  const uint64_t until = monotonic_micros() + static_cast<uint64_t>(timeout_ms) * 1000;
  std::array<pollfd, 2> watched = {{{started.process.get(), POLLIN, 0}, {started.errors.get(), POLLIN, 0}}};
  while ((watched[0].revents & POLLIN) == 0) {
    const uint64_t now = monotonic_micros();
    const int left = now >= until ? 0 : static_cast<int>((until - now) / 1000 + 1);
    const int ready = poll(watched.data(), watched.size(), left);
    if (ready == 0) {
      return false;
    }
    if (ready > 0 && watched[1].revents != 0 && !said.take(started.errors.get())) {
      watched[1].fd = -1;
    }
  }
  (void)said.take(started.errors.get());
  return true;
}

Status run_hook(const Hook& hook, const std::string& state, const std::function<Status()>& prepare) {
  const std::string action = "run the " + hook.stage + " hook";
  auto started = spawn_hook(hook, state, prepare);
  if (!started) {
    return fail_with(started.error().code, action, hook.path);
  }
  Said said;
  const bool ended = wait_for_end(*started, hook.timeout_ms, said);
  if (!ended) {
    kill(-started->pid, SIGKILL);
    kill(started->pid, SIGKILL);
  }
  int status = 0;
  while (waitpid(started->pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!ended) {
    return fail_with(ETIMEDOUT, action, hook.path + " took longer than " + to_text(hook.timeout_ms) + " ms");
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return ok();
  }
  const std::string how = WIFEXITED(status) ? " ended with status " + to_text(WEXITSTATUS(status))
                                            : " was ended by signal " + to_text(WTERMSIG(status));
  const std::string line = said.last_line();
  return fail_with(ECANCELED, action, hook.path + how + (line.empty() ? "" : ": " + line));
}

}  // namespace

bool has_hooks(const Spec& spec, const char* stage) {
  for (const Hook& hook : spec.hooks) {
    if (hook.stage == stage) {
      return true;
    }
  }
  return false;
}

std::string hook_state(const Spec& spec, const char* status, int pid) {
  return R"({"ociVersion":"1.1.0","id":)" + quoted(spec.id) + R"(,"status":)" + quoted(status) +
         (pid > 0 ? R"(,"pid":)" + to_text(pid) : "") + R"(,"bundle":)" + quoted(spec.guest_dir) +
         R"(,"annotations":{"berth.hostname":)" + quoted(spec.hostname) + R"(,"berth.kind":)" +
         quoted(spec.system ? "system" : "application") + "}}";
}

Status run_hooks(const Spec& spec, const char* stage, const std::string& state,
                 const std::function<Status()>& prepare) {
  for (const Hook& hook : spec.hooks) {
    if (hook.stage == stage) {
      BERTH_TRY(run_hook(hook, state, prepare));
    }
  }
  return ok();
}

}  // namespace berth
