// Tries, from inside a guest, what its walls are there to refuse. Reads lines `ID TAB ACT TAB ARGUMENT...`
// and answers each with `ID TAB RESULT`: `ok`, the name of an errno, or what the act says (acts.h). Probes
// run in children, which they may ruin: one that leaves a trace is the last of its child. One that hangs is
// ended.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>

#include "acts.h"
#include "lines.h"

namespace berth::probe {
namespace {

constexpr unsigned kSeconds = 3;

std::string read_end(int from) {
  std::string text;
  char buffer[1024];
  for (;;) {
    const ssize_t count = read(from, buffer, sizeof buffer);
    if (count > 0) {
      text.append(buffer, static_cast<size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      return text;
    }
  }
}

// Answer probes from FIRST on, a line each, until one leaves a trace in this process.
[[noreturn]] void answer(const std::vector<Line>& probes, size_t first, int to) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (size_t i = first; i < probes.size(); ++i) {
    alarm(kSeconds);
    const std::string result = act(probes[i].words);
    const std::string line = result + "\n";
    if (write(to, line.data(), line.size()) < 0 || !leaves_no_trace(probes[i].words, result)) {
      break;
    }
  }
  _exit(0);
}

// Tells the answers of probes, each as it comes: who waits sees how far it is.
class Teller {
 public:
  Teller(const std::vector<Line>& probes, size_t next) : probes_(probes), next_(next) {}
  size_t next() const { return next_; }

  void tell(const std::string& result) {
    if (next_ < probes_.size()) {
      (void)printf("%s\t%s\n", probes_[next_++].id.c_str(), result.c_str());
      (void)fflush(stdout);
    }
  }

  // Lines from FROM, to its end.
  void relay(int from) {
    std::string text;
    char buffer[1024];
    for (;;) {
      const ssize_t count = read(from, buffer, sizeof buffer);
      if (count < 0 && errno == EINTR) {
        continue;
      }
      if (count <= 0) {
        return;
      }
      text.append(buffer, static_cast<size_t>(count));
      for (const std::string& line : whole_lines(text)) {
        tell(line);
      }
      text.erase(0, text.rfind('\n') + 1);
    }
  }

 private:
  const std::vector<Line>& probes_;
  size_t next_;
};

// Try the probes from FIRST on in a child; the first that is left untried.
size_t in_child(const std::vector<Line>& probes, size_t first) {
  Teller teller(probes, first);
  int ends[2];
  if (pipe(ends) != 0) {
    teller.tell(outcome(-1));
    return teller.next();
  }
  const pid_t pid = fork();
  if (pid < 0) {
    close(ends[0]);
    close(ends[1]);
    teller.tell("cannot fork");
    return teller.next();
  }
  if (pid == 0) {
    close(ends[0]);
    // Out of the way: what a probe counts came with the program.
    const int to = dup2(ends[1], 1);
    close(ends[1]);
    answer(probes, first, to);
  }
  close(ends[1]);
  teller.relay(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (unlink(scratch()) != 0) {
    rmdir(scratch());
  }
  if (WIFSIGNALED(status)) {
    teller.tell(WTERMSIG(status) == SIGALRM ? "no answer"
                                            : std::string("SIG") + sigabbrev_np(WTERMSIG(status)));
  } else if (teller.next() == first) {
    teller.tell("no answer");
  }
  return teller.next();
}

int run() {
  const std::vector<Line> probes = read_lines(read_end(0));
  for (size_t next = 0; next < probes.size();) {
    next = in_child(probes, next);
  }
  return 0;
}

}  // namespace

const char* scratch() {
  static const std::string path = "/.berth-probe-" + std::to_string(getpid());
  return path.c_str();
}

}  // namespace berth::probe

int main() {
  (void)berth::probe::scratch();  // named after this process, not after a child
  return berth::probe::run();
}
