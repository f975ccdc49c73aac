// What the probe program is told and tells.
#pragma once

#include <string>
#include <vector>

#include "acts.h"

namespace berth::probe {

struct Line {
  std::string id;
  Words words;  // ACT ARGUMENT...
};

// The lines of TEXT that have their end, without it.
Words whole_lines(const std::string& text);

// `ID TAB ACT TAB ARGUMENT...`, a line each; empty lines, and what follows the last end of a line, are none.
std::vector<Line> read_lines(const std::string& text);

}  // namespace berth::probe
