// The start report on descriptor 4 (protocol/README.md): how the starting goes, for the server.
#pragma once

#include <cstdint>
#include <string>

#include "fd.h"
#include "result.h"

namespace berth {

class Report {
 public:
  explicit Report(int fd);
  // The named step ends: tells how long it took since the one before.
  void step(const char* name);
  void ready(int pid, uint64_t start_time, int holder_pid);
  // Something failed that the start does not depend on.
  void warning(const Error& error);
  void error(const Error& error);
  void close() { fd_.reset(); }

 private:
  void line(const std::string& text);
  void tell();
  Fd fd_;
  std::string lines_;  // told at once: each write would wake who waits for the last
  uint64_t since_;
};

// One word: a space is \040, a newline \012, a backslash \134; empty is "-".
std::string report_word(const std::string& text);
// The text of such a word.
std::string plain_word(const std::string& word);
std::string errno_name(int code);

}  // namespace berth
