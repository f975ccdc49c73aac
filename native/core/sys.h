// Small verbs over files and processes that every part of the native code needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fd.h"
#include "result.h"

namespace berth {

// All of `fd` from its present position; EFBIG past `limit` bytes.
Result<std::string> read_all(int fd, size_t limit);
Result<std::string> read_file(const std::string& path, size_t limit = 1 << 20);
Status write_all(int fd, std::string_view bytes);
// Write into an existing file below `dir` (AT_FDCWD too): one write(2), as kernel files need.
Status write_into(int dir, const std::string& name, std::string_view text);
// Make NAME in `dir` whole: a temporary file, then rename(2) over it.
Status replace_file(int dir, const std::string& name, std::string_view text, unsigned mode);
// A decimal number, whole text; nothing when it is none or too large.
std::optional<uint64_t> parse_number(std::string_view text);
std::string to_text(int64_t value);

uint64_t monotonic_micros();
uint64_t wall_clock_ms();

// Field 22 of /proc/PID/stat in clock ticks since boot: with the pid and the boot id it names a process for
// ever.
Result<uint64_t> start_time_of(int pid);
// The same of that file's text; nothing when it is none.
std::optional<uint64_t> parse_start_time(std::string_view stat);
Result<std::string> boot_id();
Result<Fd> pidfd_of(int pid);

// A mount of this very file, read-only, for whoever has the descriptor.
Result<Fd> read_only_mount(const std::string& path);

// Run again from a read-only mount of this very file, unless that is where it runs: whoever gets hold of
// /proc/PID/exe of a process that joins a guest cannot write the program that root runs (CVE-2019-5736).
// Returns only to go on.
Status run_from_read_only(char** argv, char** environment);

// Give back the pages of memory that only a start needed: the program's text comes again from its file where
// it is called.
void shed_memory();

}  // namespace berth
