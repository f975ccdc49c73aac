#include "fork-server.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <map>
#include <mutex>

#include "detach.h"
#include "spawn.h"

namespace berth::addon {
namespace {

struct ForkServer {
  std::string program;
  ProgramFacts facts;
  Fd orders;
  pid_t pid = -1;
};

void end(ForkServer& server) {
  server.orders.reset();
  if (server.pid > 0) {
    wait_for(server.pid);
  }
  server = {};
}

// `failure`: its own report, when it cannot be one.
Result<ForkServer> begin(const std::string& program, const std::string& group, std::string& failure) {
  Result<ProgramFacts> facts = facts_of(program);
  if (!facts) {
    return facts.error();
  }
  std::array<int, 2> orders = {};
  std::array<int, 2> report = {};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, orders.data()) != 0) {
    return fail("socketpair");
  }
  Fd ours(orders[0]);
  const Fd theirs = lift(Fd(orders[1]));
  if (pipe2(report.data(), O_CLOEXEC) != 0) {
    return fail("make a pipe");
  }
  const Fd reading(report[0]);
  Fd writing = lift(Fd(report[1]));
  if (!theirs.valid() || !writing.valid()) {
    return fail("duplicate a descriptor");
  }
  Result<pid_t> pid = spawn_with({program, kForkServer, group}, theirs.get(), writing.get());
  if (!pid) {
    return pid.error();
  }
  ForkServer server = {program, *facts, std::move(ours), *pid};
  writing.reset();
  Result<std::string> said = read_report(reading.get());
  if (!said || said->rfind("ready ", 0) != 0) {
    failure = said ? *said : std::string();
    end(server);
    return said ? fail_with(EIO, "hear from", program) : said.error();
  }
  return server;
}

// Both descriptors in one message.
bool send_order(int socket, std::array<int, 2> carried) {
  char byte = 0;
  iovec part = {&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof carried)> control = {};
  msghdr header = {};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  cmsghdr* rights = CMSG_FIRSTHDR(&header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof carried);
  memcpy(CMSG_DATA(rights), carried.data(), sizeof carried);
  ssize_t sent = 0;
  do {
    sent = sendmsg(socket, &header, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == 1;
}

std::mutex& mutex() {
  static std::mutex one;
  return one;
}

// By their groups.
std::map<std::string, ForkServer>& servers() {
  static std::map<std::string, ForkServer> all;
  return all;
}

Status order(const SupervisorStart& start, int spec, int report, std::string& failure) {
  const std::lock_guard<std::mutex> lock(mutex());
  ForkServer& server = servers()[start.group];
  if (server.program == start.program) {
    Result<ProgramFacts> facts = facts_of(start.program);
    if (facts && server.facts == *facts && send_order(server.orders.get(), {spec, report})) {
      return ok();
    }
  }
  end(server);
  Result<ForkServer> fresh = begin(start.program, start.group, failure);
  if (!fresh) {
    return fresh.error();
  }
  server = std::move(*fresh);
  return send_order(server.orders.get(), {spec, report}) ? ok() : Status(fail("hear from", start.program));
}

// The kernel closes what a process had one after the other.
constexpr int kGoneMillis = 1000;

// It was killed, perhaps with an order that it had taken or not.
bool has_gone(const std::string& group) {
  const std::lock_guard<std::mutex> lock(mutex());
  pollfd wait = {servers()[group].orders.get(), 0, 0};
  return poll(&wait, 1, kGoneMillis) > 0 && (wait.revents & POLLHUP) != 0;
}

Status make_folder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) {
    return ok();
  }
  const size_t parent = path.rfind('/');
  if (errno != ENOENT || parent == 0 || parent == std::string::npos) {
    return fail("make the folder", path);
  }
  BERTH_TRY(make_folder(path.substr(0, parent)));
  return make_folder(path);
}

// The whole report; empty where the order was lost.
Result<std::string> order_supervisor(const SupervisorStart& start) {
  std::array<int, 2> ends = {};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail("make a pipe");
  }
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  {
    Result<Fd> spec = sealed(start.spec);
    if (!spec) {
      return spec.error();
    }
    std::string failure;
    Status ordered = order(start, spec->get(), writing.get(), failure);
    if (!ordered) {
      return failure.empty() ? Result<std::string>(ordered.error()) : Result<std::string>(std::move(failure));
    }
  }
  writing.reset();
  return read_report(reading.get());
}

}  // namespace

Result<std::string> start_supervisor(const SupervisorStart& start) {
  BERTH_TRY(make_folder(start.folder));
  for (const std::string& file : start.forget) {
    if (unlink(file.c_str()) != 0 && errno != ENOENT) {
      return fail("remove", file);
    }
  }
  Result<std::string> report = order_supervisor(start);
  return report && report->empty() && has_gone(start.group) ? order_supervisor(start) : std::move(report);
}

void stop_fork_server(const std::string& group) {
  const std::lock_guard<std::mutex> lock(mutex());
  const auto at = servers().find(group);
  if (at != servers().end()) {
    end(at->second);
    servers().erase(at);
  }
}

}  // namespace berth::addon
