// The supervisor's spec (protocol/README.md): key=value entries, of which many are lists of words.
#include "spec.h"

#include "fuzz.h"
#include "namespaces.h"
#include "report.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace berth;
  const auto text = fuzz::bytes_of(data, size);
  auto entries = parse_entries(text);
  if (entries) {
    fuzz::promise(encode_entries(*entries) == text, "entries are written as they were read");
  }
  for (const auto& word : fuzz::pieces(text)) {
    fuzz::promise(plain_word(report_word(word)) == word, "a word of a report is read as it was written");
    fuzz::promise(report_word(word).find_first_of(" \n") == std::string::npos, "a word has no space");
  }
  auto spec = parse_spec(text);
  if (!spec) {
    return 0;
  }
  (void)id_map_text(*spec);
  const std::string once = encode_spec(*spec);
  auto again = parse_spec(once);
  fuzz::promise(static_cast<bool>(again), "a spec that was read can be written and read");
  fuzz::promise(encode_spec(*again) == once, "and is the same then");
  return 0;
}
