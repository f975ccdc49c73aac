#include "cgroup_writes.h"

#include "cgroup_files.h"

namespace berth {

using cgroup_files::read_at;
using cgroup_files::write_at;

CgroupWrites::~CgroupWrites() {
  for (auto one = done_.rbegin(); one != done_.rend(); ++one) {
    const Status undone = write_at(one->dir, one->file, one->undo);
    static_cast<void>(undone);  // it took this value before; if it no longer does, the first error tells why
  }
}

Status CgroupWrites::set(int dir, const std::string& file, const std::string& value) {
  if (fresh_) {
    return write_at(dir, file, value);
  }
  Result<std::string> before = read_at(dir, file);
  if (!before) {
    return before.error();
  }
  while (!before->empty() && before->back() == '\n') {
    before->pop_back();
  }
  // An empty write(2) never reaches the file: an empty line clears it.
  const std::string line = value.empty() ? "\n" : value;
  if (*before == value) {
    return ok();
  }
  BERTH_TRY(write_at(dir, file, line));
  done_.push_back({dir, file, before->empty() ? "\n" : *before});
  return ok();
}

Status CgroupWrites::set_line(int dir, const std::string& file, const std::string& line,
                              const std::string& undo) {
  BERTH_TRY(write_at(dir, file, line));
  if (!fresh_) {
    done_.push_back({dir, file, undo});
  }
  return ok();
}

}  // namespace berth
