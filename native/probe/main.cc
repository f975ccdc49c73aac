// Tries, from inside a guest, what its walls are there to refuse. Reads lines `ID TAB ACT TAB ARGUMENT...`
// and answers each with `ID TAB RESULT`: `ok`, the name of an errno, or what the act says (acts.h). Every
// probe runs in a child of its own, which it may ruin; one that hangs is ended.
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

Words split(const std::string& line) {
  Words words;
  size_t start = 0;
  while (start <= line.size()) {
    const size_t end = std::min(line.find('\t', start), line.size());
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

std::string in_child(const Words& words) {
  int ends[2];
  if (pipe(ends) != 0) {
    return outcome(-1);
  }
  (void)fflush(nullptr);
  const pid_t pid = fork();
  if (pid < 0) {
    close(ends[0]);
    close(ends[1]);
    return "cannot fork";
  }
  if (pid == 0) {
    close(ends[0]);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Out of the way: what a probe counts came with the program.
    const int answer = dup2(ends[1], 1);
    close(ends[1]);
    alarm(kSeconds);
    const std::string result = act(words);
    (void)!write(answer, result.data(), result.size());
    _exit(0);
  }
  close(ends[1]);
  std::string result = read_end(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (unlink(scratch()) != 0) {
    rmdir(scratch());
  }
  if (WIFSIGNALED(status)) {
    return WTERMSIG(status) == SIGALRM ? "no answer" : std::string("SIG") + sigabbrev_np(WTERMSIG(status));
  }
  return result;
}

int run() {
  char line[8192];
  while (fgets(line, sizeof line, stdin) != nullptr) {
    std::string text(line);
    text.erase(text.find_last_not_of('\n') + 1);
    Words words = split(text);
    const std::string id = words[0];
    words.erase(words.begin());
    const std::string result = in_child(words);
    (void)printf("%s\t%s\n", id.c_str(), result.c_str());
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
