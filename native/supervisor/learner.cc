#include "learner.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "report.h"
#include "sys.h"
#include "wire.h"

namespace berth {
namespace {

constexpr size_t kMostCalls = 2048;  // two ABIs have some 900
constexpr int kBuffer = 4 << 20;     // until the start is over nobody reads
constexpr size_t kMostText = 9000;   // MAX_AUDIT_MESSAGE_LENGTH
constexpr std::string_view kLogged = " code=0x7ffc";

// The word behind the first `key`; the kernel writes spaces of strangers' names in hex.
std::string_view word_after(std::string_view text, std::string_view key) {
  const size_t at = text.find(key);
  if (at == std::string_view::npos) {
    return {};
  }
  text.remove_prefix(at + key.size());
  return text.substr(0, text.find_first_of(std::string_view(" \n\0", 3)));
}

}  // namespace

Result<Learner> Learner::open(const Spec& spec) {
  Learner learner(spec);
  BERTH_TRY(learner.open_file());
  auto opened = learner.open_audit();
  if (!opened) {
    learner.audit_.reset();
    learner.write_once("unavailable " + errno_name(opened.error().code));
  }
  return learner;
}

Learner Learner::over(const Spec& spec, Fd audit, Fd file) {
  Learner learner(spec);
  learner.audit_ = std::move(audit);
  learner.file_ = std::move(file);
  return learner;
}

// A guest that starts again goes on where it was.
Status Learner::open_file() {
  file_ = Fd(
      ::open(spec_.learn.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
  struct stat facts = {};
  if (!file_.valid() || fstat(file_.get(), &facts) != 0) {
    return fail("open", spec_.learn);
  }
  if (!S_ISREG(facts.st_mode)) {
    return fail_with(EINVAL, "learn into", spec_.learn);  // a pipe that nobody writes in, say
  }
  auto text = read_all(file_.get(), 1 << 20);
  if (!text) {
    return text.error();
  }
  for (size_t at = 0; at < text->size();) {
    const size_t end = std::min(text->find('\n', at), text->size());
    known_.insert(text->substr(at, end - at));
    at = end + 1;
  }
  return ok();
}

Status Learner::open_audit() {
  audit_ = Fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_AUDIT));
  sockaddr_nl address = {};
  address.nl_family = AF_NETLINK;
  address.nl_groups = 1U << (AUDIT_NLGRP_READLOG - 1);
  if (!audit_.valid() || bind(audit_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return fail("listen to the kernel's audit records");
  }
  (void)setsockopt(audit_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kBuffer, sizeof kBuffer);
  return ok();
}

void Learner::read_records(int most) {
  std::array<char, NLMSG_HDRLEN + kMostText> buffer = {};
  for (int left = most; left > 0; --left) {
    const ssize_t size = recv(audit_.get(), buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == ENOBUFS) {
      write_once("lost");
      continue;
    }
    if (size < static_cast<ssize_t>(NLMSG_HDRLEN)) {
      return;
    }
    nlmsghdr header = {};
    memcpy(&header, buffer.data(), sizeof header);
    if (header.nlmsg_type == AUDIT_SECCOMP) {
      read_record({buffer.data() + NLMSG_HDRLEN, static_cast<size_t>(size) - NLMSG_HDRLEN});
    }
  }
}

// "audit(…): auid=… uid=1310720000 gid=… ses=… pid=30659 comm="call" exe="/bin/call" sig=0 arch=c000003e
// syscall=430 compat=0 ip=0x431ba9 code=0x7ffc0000"
void Learner::read_record(std::string_view text) {
  const std::string_view uid = word_after(text, " uid=");
  uint32_t number = 0;
  const auto read = std::from_chars(uid.data(), uid.data() + uid.size(), number);
  if (read.ec != std::errc() || text.find(kLogged) == std::string_view::npos) {
    return;
  }
  if (is_ours(number, word_after(text, " pid="))) {
    learn(word_after(text, " arch="), word_after(text, " syscall="));
  }
}

// By its ids, which are the guest's alone. Where they are the host's, by the group of the process, if it
// still lives.
bool Learner::is_ours(uint32_t uid, std::string_view pid) const {
  const auto& shared = spec_.namespaces;
  const bool host_ids = std::any_of(shared.begin(), shared.end(), [](const SharedNamespace& one) {
    return one.name == "user" && one.owner == "host";
  });
  if (host_ids) {
    auto groups = read_file("/proc/" + std::string(pid) + "/cgroup", 65536);
    return groups && groups->find("/" + spec_.cgroup) != std::string::npos;
  }
  const auto holds = [uid](uint32_t first, uint32_t count) { return uid >= first && uid - first < count; };
  if (spec_.id_maps.empty()) {
    return holds(spec_.id_base, wire::kIdCount);
  }
  return std::any_of(spec_.id_maps.begin(), spec_.id_maps.end(),
                     [&](const IdMap& map) { return holds(map.outside, map.count); });
}

void Learner::learn(std::string_view arch, std::string_view call) {
  if (!arch.empty() && !call.empty() && known_.size() < kMostCalls) {
    write_once(std::string(arch) + " " + std::string(call));
  }
}

void Learner::write_once(const std::string& line) {
  if (!known_.insert(line).second) {
    return;
  }
  const std::string text = line + "\n";
  (void)!write(file_.get(), text.data(), text.size());
}

}  // namespace berth
