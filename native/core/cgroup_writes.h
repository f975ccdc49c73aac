// Writes into kernel files of which all happen or none.
#pragma once

#include <string>
#include <vector>

#include "result.h"

namespace berth {

class CgroupWrites {
 public:
  // `fresh`: into a group that was just made, which goes away when a write fails: nothing is read before or
  // put back.
  explicit CgroupWrites(bool fresh) : fresh_(fresh) {}
  CgroupWrites(const CgroupWrites&) = delete;
  CgroupWrites& operator=(const CgroupWrites&) = delete;
  // Puts back what was written, newest first, unless keep() was called.
  ~CgroupWrites();

  bool fresh() const { return fresh_; }
  // A file that holds one value; nothing happens when it says VALUE already. DIR stays the caller's.
  Status set(int dir, const std::string& file, const std::string& value);
  // A file with a line for each device, of which one is written at a time; UNDO is the line that takes it
  // back.
  Status set_line(int dir, const std::string& file, const std::string& line, const std::string& undo);
  void keep() { done_.clear(); }

 private:
  struct Done {
    int dir;
    std::string file, undo;
  };
  const bool fresh_;
  std::vector<Done> done_;
};

}  // namespace berth
