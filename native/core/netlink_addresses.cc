// Addresses and routes.
#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <sys/socket.h>

#include <cstdlib>

#include "netlink.h"
#include "netlink_message.h"

namespace berth {
namespace {

struct Address {
  int family = AF_UNSPEC;
  uint8_t bytes[16] = {};
  size_t size = 0;
  int prefix = -1;
};

// `10.209.0.7/20`, `fd00::7/64`, or without a prefix.
bool parse_address(const std::string& text, Address& address) {
  const size_t slash = text.find('/');
  const std::string host = text.substr(0, slash);
  address.family = host.find(':') == std::string::npos ? AF_INET : AF_INET6;
  address.size = address.family == AF_INET ? 4 : 16;
  if (inet_pton(address.family, host.c_str(), address.bytes) != 1) {
    return false;
  }
  const int bits = static_cast<int>(address.size) * 8;
  if (slash == std::string::npos) {
    address.prefix = bits;
    return true;
  }
  char* end = nullptr;
  const long prefix = strtol(text.c_str() + slash + 1, &end, 10);
  if (end == text.c_str() + slash + 1 || *end != '\0' || prefix < 0 || prefix > bits) {
    return false;
  }
  address.prefix = static_cast<int>(prefix);
  return true;
}

}  // namespace

Status Netlink::add_address(uint32_t index, const std::string& cidr) {
  Address address;
  if (!parse_address(cidr, address)) {
    return fail_with(EINVAL, "read an address with its prefix such as 10.0.0.2/24", cidr);
  }
  NetlinkMessage message(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  ifaddrmsg head = {};
  head.ifa_family = static_cast<uint8_t>(address.family);
  head.ifa_prefixlen = static_cast<uint8_t>(address.prefix);
  head.ifa_index = index;
  // We hand out each address once: a guest need not wait a second for duplicate detection.
  head.ifa_flags = address.family == AF_INET6 ? IFA_F_NODAD : 0;
  message.fixed(head);
  message.add(IFA_LOCAL, address.bytes, address.size);
  message.add(IFA_ADDRESS, address.bytes, address.size);
  if (address.family == AF_INET && address.prefix < 31) {
    uint32_t broadcast = 0;
    memcpy(&broadcast, address.bytes, sizeof broadcast);
    broadcast |= htonl(0xffffffffU >> address.prefix);
    message.add_u32(IFA_BROADCAST, broadcast);
  }
  Status added = ask(message, "add address", cidr);
  if (!added) {
    Error refused = added.error();
    if (refused.code != EEXIST) {
      return refused;
    }
  }
  return ok();
}

Status Netlink::add_default_route(uint32_t index, const std::string& gateway) {
  Address address;
  if (!parse_address(gateway, address)) {
    return fail_with(EINVAL, "read the address of a gateway such as 10.0.0.1", gateway);
  }
  NetlinkMessage message(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE);
  rtmsg route = {};
  route.rtm_family = static_cast<uint8_t>(address.family);
  route.rtm_table = RT_TABLE_MAIN;
  route.rtm_protocol = RTPROT_STATIC;
  route.rtm_scope = RT_SCOPE_UNIVERSE;
  route.rtm_type = RTN_UNICAST;
  message.fixed(route);
  message.add(RTA_GATEWAY, address.bytes, address.size);
  message.add_u32(RTA_OIF, index);
  return ask(message, "add default route", gateway);
}

}  // namespace berth
