// The socket: one request, its answer, the kernel's own words for an error (NETLINK_EXT_ACK).
#include "netlink.h"

#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <climits>

#include "netlink_message.h"

namespace berth {

Result<Netlink> Netlink::open() {
  Fd socket_fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!socket_fd.valid()) {
    return fail("open rtnetlink");
  }
  const int on = 1;
  // Better messages only: without them the errno still tells.
  setsockopt(socket_fd.get(), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
  setsockopt(socket_fd.get(), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
  return Netlink(std::move(socket_fd));
}

namespace {

// The text that the kernel adds to an error, if any.
std::string words_of(const nlmsghdr& header) {
  if ((header.nlmsg_flags & NLM_F_ACK_TLVS) == 0) {
    return {};
  }
  auto words = Attributes::of(header, sizeof(nlmsgerr));
  while (const rtattr* one = words.next()) {
    if ((one->rta_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG) {
      return text_of(*one);
    }
  }
  return {};
}

}  // namespace

Status Netlink::ask(NetlinkMessage& message, const std::string& action, const std::string& path,
                    const std::function<void(const nlmsghdr&)>& take) {
  const uint32_t sequence = ++sequence_;
  const std::string& bytes = message.finish(sequence);
  if (send(socket_.get(), bytes.data(), bytes.size(), 0) < 0) {
    return fail(action, path);
  }
  alignas(nlmsghdr) char buffer[32768];
  for (;;) {
    const ssize_t count = recv(socket_.get(), buffer, sizeof buffer, 0);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return count < 0 ? fail(action, path) : fail_with(EPIPE, action, path);
    }
    const auto size = static_cast<size_t>(count);
    for (size_t at = 0; size - at >= sizeof(nlmsghdr);) {
      const auto* header = reinterpret_cast<const nlmsghdr*>(buffer + at);
      if (header->nlmsg_len < sizeof *header || header->nlmsg_len > size - at) {
        break;
      }
      at = std::min<size_t>(size, at + NLMSG_ALIGN(header->nlmsg_len));
      if (header->nlmsg_seq != sequence) {
        continue;
      }
      if (header->nlmsg_type == NLMSG_DONE) {
        return ok();
      }
      if (header->nlmsg_type != NLMSG_ERROR) {
        if (take) {
          take(*header);
        }
        continue;
      }
      const int error = fixed_part<nlmsgerr>(*header).error;
      if (error == 0) {
        return ok();
      }
      std::string failed = action;
      const std::string words = words_of(*header);
      if (!words.empty()) {
        failed.append(" (").append(words).append(")");
      }
      return fail_with(error == INT_MIN ? EPROTO : -error, std::move(failed), path);
    }
  }
}

}  // namespace berth
