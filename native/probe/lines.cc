#include "lines.h"

#include <algorithm>

namespace berth::probe {
namespace {

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

}  // namespace

Words whole_lines(const std::string& text) {
  Words lines = split(text, '\n');
  lines.pop_back();  // behind the last end
  return lines;
}

std::vector<Line> read_lines(const std::string& text) {
  std::vector<Line> lines;
  for (const std::string& line : whole_lines(text)) {
    if (line.empty()) {
      continue;
    }
    Words words = split(line, '\t');
    const std::string id = words[0];
    words.erase(words.begin());
    lines.push_back({id, words});
  }
  return lines;
}

}  // namespace berth::probe
