#include "fork_server.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <optional>

#include "detach.h"
#include "kept_mounts.h"
#include "report.h"
#include "sys.h"
#include "wire.h"

namespace berth {
namespace {

struct Order {
  Fd spec, report;
};

// Whether there is an order; false when the server has ended.
bool await_order(int server) {
  std::array<pollfd, 2> both = {{{wire::kSpecDescriptor, POLLIN, 0}, {server, POLLIN, 0}}};
  while (poll(both.data(), both.size(), -1) < 0) {
    if (errno != EINTR) {
      return false;
    }
  }
  return both[1].revents == 0;
}

// Nothing when nobody is left to give any.
std::optional<Order> next_order(int server) {
  for (;;) {
    if (!await_order(server)) {
      return std::nullopt;
    }
    char byte = 0;
    iovec part = {&byte, 1};
    std::array<int, 2> carried = {};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof carried)> control = {};
    msghdr header = {};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t got = recvmsg(wire::kSpecDescriptor, &header, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return std::nullopt;
    }
    const cmsghdr* rights = CMSG_FIRSTHDR(&header);
    if (rights == nullptr || rights->cmsg_type != SCM_RIGHTS ||
        rights->cmsg_len != CMSG_LEN(sizeof carried)) {
      return std::nullopt;
    }
    memcpy(carried.data(), CMSG_DATA(rights), sizeof carried);
    return Order{Fd(carried[0]), Fd(carried[1])};
  }
}

// What detach() makes of a process that was started for one guest.
void take_place(Order order) {
  signal(SIGCHLD, SIG_DFL);
  setsid();  // a process just born leads no group, so it cannot fail
  dup2(order.spec.get(), wire::kSpecDescriptor);
  dup2(order.report.get(), wire::kReportDescriptor);
  // What these had before is in their places, or is closed with all other strays.
  (void)order.spec.release();
  (void)order.report.release();
  close_strays(first_stray());
}

}  // namespace

Result<Fd> pidfd_of_server() {
  ucred peer = {};
  socklen_t size = sizeof peer;
  if (getsockopt(wire::kSpecDescriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return fail("look who gives orders");
  }
  Result<Fd> server = pidfd_of(peer.pid);
  if (server && getppid() != peer.pid) {  // the number may have been another's already
    return fail_with(ESRCH, "look who gives orders");
  }
  return server;
}

bool serve_orders(Fd server) {
  (void)chdir("/");
  signal(SIGCHLD, SIG_IGN);  // supervisors end without us
  for (;;) {
    std::optional<Order> order = next_order(server.get());
    if (!order) {
      return false;
    }
    const pid_t pid = fork();
    if (pid == 0) {
      (void)server.release();  // it may have the number of the report; else it is closed as a stray
      take_place(std::move(*order));
      return true;
    }
    if (pid < 0) {
      const Error failed = fail("fork");
      Report(order->report.release()).error(failed);
    }
  }
}

}  // namespace berth
