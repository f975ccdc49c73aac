#include "channel.h"

#include <sys/socket.h>

#include <array>
#include <cstring>

#include "sys.h"

namespace berth {

constexpr size_t kMaxMessage = 8192;

Result<Channel> open_channel() {
  std::array<int, 2> ends = {};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail("socketpair");
  }
  return Channel{Fd(ends[0]), Fd(ends[1])};
}

Status send_message(int socket, Message message, std::string_view payload, int fd) {
  std::string body(1, static_cast<char>(message));
  body.append(payload.substr(0, kMaxMessage - 1));
  iovec part = {body.data(), body.size()};
  msghdr header = {};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control = {};
  if (fd >= 0) {
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    cmsghdr* carried = CMSG_FIRSTHDR(&header);
    carried->cmsg_level = SOL_SOCKET;
    carried->cmsg_type = SCM_RIGHTS;
    carried->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(carried), &fd, sizeof fd);
  }
  if (sendmsg(socket, &header, MSG_NOSIGNAL) < 0) {
    return fail("send a message");
  }
  return ok();
}

Result<Received> receive_message(int socket) {
  std::array<char, kMaxMessage> body;
  iovec part = {body.data(), body.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control = {};
  msghdr header = {};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  ssize_t got = 0;
  do {
    got = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0 && errno != ECONNRESET) {
    return fail("receive a message");
  }
  Received received;
  if (got <= 0) {
    return received;
  }
  const cmsghdr* carried = CMSG_FIRSTHDR(&header);
  if (carried != nullptr && carried->cmsg_type == SCM_RIGHTS) {
    int fd = -1;
    memcpy(&fd, CMSG_DATA(carried), sizeof fd);
    received.fd = Fd(fd);
  }
  received.message = static_cast<Message>(body[0]);
  received.payload.assign(body.data() + 1, static_cast<size_t>(got) - 1);
  return received;
}

static Error failure_of(const std::string& payload) {
  const size_t first = payload.find('\0');
  const size_t second = payload.find('\0', first + 1);
  if (first == std::string::npos || second == std::string::npos) {
    return fail_with(EPROTO, "read a failure");
  }
  const auto code = parse_number(std::string_view(payload).substr(0, first));
  return fail_with(static_cast<int>(code.value_or(EPROTO)), payload.substr(first + 1, second - first - 1),
                   payload.substr(second + 1));
}

Result<Received> expect_message(int socket, Message message) {
  auto received = receive_message(socket);
  if (!received) {
    return received.error();
  }
  if (received->message == Message::kFailed) {
    return failure_of(received->payload);
  }
  if (received->message != message) {
    return fail_with(ECHILD, "wait for the other process");
  }
  return received;
}

void send_failure(int socket, const Error& error) {
  std::string payload = to_text(error.code);
  payload.append(1, '\0').append(error.action).append(1, '\0').append(error.path);
  (void)send_message(socket, Message::kFailed, payload);
}

}  // namespace berth
