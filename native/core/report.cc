#include "report.h"

#include <fcntl.h>

#include <charconv>
#include <cstring>

#include "sys.h"

namespace berth {

std::string report_word(const std::string& text) {
  if (text == "-") {
    return "\\055";  // alone it stands for nothing
  }
  std::string out;
  for (const char c : text) {
    switch (c) {
      case ' ':
        out += "\\040";
        break;
      case '\n':
        out += "\\012";
        break;
      case '\\':
        out += "\\134";
        break;
      default:
        out += c;
    }
  }
  return out.empty() ? "-" : out;
}

std::string plain_word(const std::string& word) {
  if (word == "-") {
    return {};
  }
  std::string out;
  for (size_t at = 0; at < word.size(); ++at) {
    int code = 0;
    const char* digits = word.data() + at + 1;
    if (word[at] == '\\' && at + 3 < word.size() &&
        std::from_chars(digits, digits + 3, code, 8).ptr == digits + 3) {
      out += static_cast<char>(code);
      at += 3;
    } else {
      out += word[at];
    }
  }
  return out;
}

std::string errno_name(int code) {
  const char* name = strerrorname_np(code);
  return name == nullptr ? to_text(code) : name;
}

Report::Report(int fd) : since_(monotonic_micros()) {
  if (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0) {  // nobody listens when it is not open
    fd_ = Fd(fd);
  }
}

void Report::line(const std::string& text) {
  if (fd_.valid()) {
    lines_ += text + "\n";
  }
}

void Report::tell() {
  if (fd_.valid()) {
    (void)write_all(fd_.get(), lines_);
  }
  fd_.reset();
}

void Report::step(const char* name) {
  const uint64_t now = monotonic_micros();
  line(std::string("step ") + name + " " + to_text(static_cast<int64_t>(now - since_)));
  since_ = now;
}

void Report::ready(int pid, uint64_t start_time, int holder_pid) {
  line("ready " + to_text(pid) + " " + to_text(static_cast<int64_t>(start_time)) + " " + to_text(holder_pid));
  tell();
}

void Report::warning(const Error& error) {
  line("warning " + errno_name(error.code) + " " + report_word(error.action) + " " + report_word(error.path));
}

void Report::error(const Error& error) {
  line("error " + errno_name(error.code) + " " + report_word(error.action) + " " + report_word(error.path));
  tell();
}

}  // namespace berth
