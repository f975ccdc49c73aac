// What a guest's filter logs (SECCOMP_RET_LOG), gathered from the kernel's audit records: audit_seccomp().
// The records come by multicast, beside whatever else the host does with them.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "fd.h"
#include "result.h"
#include "spec.h"

namespace berth {

class Learner {
 public:
  // Appends to the file that the spec names, `ARCH NUMBER` a line (AUDIT_ARCH_* in hex), each once. A host
  // that does not let its records be read is no reason not to start: the file says `unavailable ERRNO` then.
  static Result<Learner> open(const Spec& spec);
  // From descriptors that are there already: where records come from (not blocking), and the file.
  static Learner over(const Spec& spec, Fd audit, Fd file);
  // -1: there is nothing to wait for.
  int fd() const { return audit_.get(); }
  // A guest that makes records without end must not keep its supervisor from everything else.
  static constexpr int kMostAtOnce = 256;
  static constexpr int kMostAtEnd = 65536;
  void read_records(int most);

 private:
  explicit Learner(const Spec& spec) : spec_(spec) {}
  Status open_file();
  Status open_audit();
  void read_record(std::string_view text);
  bool is_ours(uint32_t uid, std::string_view pid) const;
  void learn(std::string_view arch, std::string_view call);
  void write_once(const std::string& line);

  const Spec& spec_;
  Fd audit_, file_;
  std::set<std::string> known_;
};

}  // namespace berth
