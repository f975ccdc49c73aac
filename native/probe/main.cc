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

namespace berth::probe {
namespace {

constexpr unsigned kSeconds = 3;

Words split(const std::string& line, char separator) {
  Words words;
  size_t start = 0;
  while (start <= line.size()) {
    const size_t end = std::min(line.find(separator, start), line.size());
    words.push_back(line.substr(start, end - start));
    start = end + 1;
  }
  return words;
}

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

struct Probe {
  std::string id;
  Words words;
};

// Answer probes from FIRST on, a line each, until one leaves a trace in this process.
[[noreturn]] void answer(const std::vector<Probe>& probes, size_t first, int to) {
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

// What a child answers to the probes from FIRST on: to at least one.
Words in_child(const std::vector<Probe>& probes, size_t first) {
  int ends[2];
  if (pipe(ends) != 0) {
    return {outcome(-1)};
  }
  (void)fflush(nullptr);
  const pid_t pid = fork();
  if (pid < 0) {
    close(ends[0]);
    close(ends[1]);
    return {"cannot fork"};
  }
  if (pid == 0) {
    close(ends[0]);
    // Out of the way: what a probe counts came with the program.
    const int to = dup2(ends[1], 1);
    close(ends[1]);
    answer(probes, first, to);
  }
  close(ends[1]);
  Words answers = split(read_end(ends[0]), '\n');
  answers.pop_back();  // behind the last line
  close(ends[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (unlink(scratch()) != 0) {
    rmdir(scratch());
  }
  if (WIFSIGNALED(status)) {
    answers.push_back(WTERMSIG(status) == SIGALRM ? "no answer"
                                                  : std::string("SIG") + sigabbrev_np(WTERMSIG(status)));
  }
  if (answers.empty()) {
    answers.emplace_back("no answer");
  }
  return answers;
}

int run() {
  std::vector<Probe> probes;
  char line[8192];
  while (fgets(line, sizeof line, stdin) != nullptr) {
    std::string text(line);
    text.erase(text.find_last_not_of('\n') + 1);
    Words words = split(text, '\t');
    const std::string id = words[0];
    words.erase(words.begin());
    probes.push_back({id, words});
  }
  for (size_t next = 0; next < probes.size();) {
    for (const std::string& result : in_child(probes, next)) {
      if (next < probes.size()) {
        (void)printf("%s\t%s\n", probes[next++].id.c_str(), result.c_str());
      }
    }
    (void)fflush(stdout);
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
