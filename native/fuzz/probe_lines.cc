// The lines that the probe program reads, to where it would try them: what it tries is there to be refused,
// and is not tried here.
#include "acts.h"
#include "fuzz.h"
#include "lines.h"

namespace berth::probe {
const char* scratch() {
  return "/.berth-probe-fuzz";
}
}  // namespace berth::probe

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace berth;
  const std::string text(fuzz::bytes_of(data, size));
  std::string again;
  for (const probe::Line& line : probe::read_lines(text)) {
    again += line.id;
    for (const std::string& word : line.words) {
      fuzz::promise(word.find_first_of("\t\n") == std::string::npos, "a word is one");
      again += "\t" + word;
    }
    again += "\n";
    const bool known = probe::is_act(line.words);
    if (!known) {
      const std::string said = probe::act(line.words);
      fuzz::promise(said == "no such act" || said == "too few words", "what is no act is told, not tried");
      fuzz::promise(!probe::leaves_no_trace(line.words, "ok"), "what is done leaves a trace");
      continue;
    }
    probe::Call call;
    if (line.words[0] == "call" && probe::read_call(line.words, call).empty()) {
      // The bit of x32 belongs to the entry.
      fuzz::promise(call.number >= 0 && call.number < 0x40000000, "a call has a number");
    }
  }
  // Nothing between lines is lost but what is empty or has no end.
  std::string expected;
  for (const std::string& line : probe::whole_lines(text)) {
    expected += line.empty() ? "" : line + "\n";
  }
  fuzz::promise(again == expected, "a line is read as it was written");
  return 0;
}
