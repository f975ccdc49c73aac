#include "netlink.h"

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>

#include "netlink_message.h"

namespace berth {
namespace {

// An address out of "10.209.0.7/20" or "fd00::1".
struct Address {
  int family = AF_UNSPEC;
  uint8_t prefix = 0;
  std::array<uint8_t, 16> bytes{};
  size_t size() const { return family == AF_INET ? 4 : 16; }
};

Result<Address> parse_address(const std::string& text) {
  const size_t slash = text.find('/');
  const std::string plain = text.substr(0, slash);
  Address address;
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, plain.c_str(), address.bytes.data()) == 1) {
      address.family = family;
    }
  }
  if (address.family == AF_UNSPEC) {
    return fail_with(EINVAL, "parse address", text);
  }
  const long longest = address.family == AF_INET ? 32 : 128;
  const long prefix =
      slash == std::string::npos ? longest : std::strtol(text.c_str() + slash + 1, nullptr, 10);
  if (prefix < 0 || prefix > longest) {
    return fail_with(EINVAL, "parse prefix length", text);
  }
  address.prefix = static_cast<uint8_t>(prefix);
  return address;
}

Result<std::array<uint8_t, 6>> parse_mac(const std::string& text) {
  // "02:1a:…": six pairs of hexadecimal digits with colons between
  std::array<uint8_t, 6> mac{};
  const char* at = text.c_str();
  for (size_t i = 0; i < mac.size(); i++) {
    char* end = nullptr;
    mac[i] = static_cast<uint8_t>(std::strtoul(at, &end, 16));
    if (end != at + 2 || *end != (i + 1 < mac.size() ? ':' : '\0')) {
      return fail_with(EINVAL, "parse hardware address", text);
    }
    at = end + 1;
  }
  return mac;
}

// Locally administered, out of the name (FNV-1a). Without an address of its own a bridge takes that of a
// port, and changes it when the port goes: guests' neighbour tables would then point nowhere.
std::array<uint8_t, 6> stable_mac(const std::string& name) {
  uint32_t hash = 2166136261U;
  for (const char letter : name) {
    hash = (hash ^ static_cast<uint8_t>(letter)) * 16777619U;
  }
  return {0x02,
          0xbe,
          static_cast<uint8_t>(hash >> 24),
          static_cast<uint8_t>(hash >> 16),
          static_cast<uint8_t>(hash >> 8),
          static_cast<uint8_t>(hash)};
}

// Send one request and wait for its acknowledgement. `on_part` sees each part of a dump.
template <typename OnPart>
Status exchange(int socket, uint32_t sequence, NetlinkMessage& message, OnPart on_part) {
  message.header()->nlmsg_seq = sequence;
  if (send(socket, message.header(), message.header()->nlmsg_len, 0) < 0) {
    return fail("netlink send");
  }
  alignas(nlmsghdr) static thread_local char buffer[32 * 1024];
  for (;;) {
    const ssize_t received = recv(socket, buffer, sizeof(buffer), 0);
    if (received < 0) {
      if (errno == EINTR) {
        continue;
      }
      return fail("netlink receive");
    }
    auto left = static_cast<size_t>(received);
    for (auto* part = reinterpret_cast<nlmsghdr*>(buffer); NLMSG_OK(part, left);
         part = NLMSG_NEXT(part, left)) {
      if (part->nlmsg_seq != sequence) {
        continue;
      }
      if (part->nlmsg_type == NLMSG_DONE) {
        return ok();
      }
      if (part->nlmsg_type == NLMSG_ERROR) {
        const int code = -static_cast<nlmsgerr*>(NLMSG_DATA(part))->error;
        return code == 0 ? ok() : Status(fail_with(code, "netlink"));
      }
      on_part(part);
    }
  }
}

Status exchange(int socket, uint32_t sequence, NetlinkMessage& message) {
  return exchange(socket, sequence, message, [](const nlmsghdr*) {});
}

// The attributes of a link message as LinkInfo.
LinkInfo link_of(const nlmsghdr* part) {
  const auto* body = static_cast<const ifinfomsg*>(NLMSG_DATA(part));
  LinkInfo link{static_cast<uint32_t>(body->ifi_index), {}, {}, (body->ifi_flags & IFF_UP) != 0};
  auto left = static_cast<int>(IFLA_PAYLOAD(part));
  for (auto* at = IFLA_RTA(body); RTA_OK(at, left); at = RTA_NEXT(at, left)) {
    if (at->rta_type == IFLA_IFNAME) {
      link.name = static_cast<const char*>(RTA_DATA(at));
    }
    if (at->rta_type == IFLA_LINKINFO) {
      auto inner = static_cast<int>(RTA_PAYLOAD(at));
      for (auto* in = static_cast<rtattr*>(RTA_DATA(at)); RTA_OK(in, inner); in = RTA_NEXT(in, inner)) {
        if (in->rta_type == IFLA_INFO_KIND) {
          link.kind.assign(static_cast<const char*>(RTA_DATA(in)),
                           strnlen(static_cast<const char*>(RTA_DATA(in)), RTA_PAYLOAD(in)));
        }
      }
    }
  }
  return link;
}

}  // namespace

Result<Netlink> Netlink::open() {
  Fd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!fd.valid()) {
    return fail("open rtnetlink");
  }
  return Netlink(std::move(fd));
}

Result<uint32_t> Netlink::index_of(const std::string& name) {
  NetlinkMessage message(RTM_GETLINK, 0);
  message.append<ifinfomsg>();
  message.put_text(IFLA_IFNAME, name);
  uint32_t index = 0;
  Status status = exchange(socket_.get(), ++sequence_, message,
                           [&](const nlmsghdr* part) { index = link_of(part).index; });
  if (!status) {
    Error error = std::move(status).error();
    return fail_with(error.code, "find link", name);
  }
  return index;
}

Status Netlink::create_bridge(const std::string& name) {
  NetlinkMessage message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  message.append<ifinfomsg>();
  message.put_text(IFLA_IFNAME, name);
  const auto mac = stable_mac(name);
  message.put(IFLA_ADDRESS, mac.data(), mac.size());
  const size_t info = message.begin(IFLA_LINKINFO);
  message.put(IFLA_INFO_KIND, "bridge", 6);
  message.end(info);
  Status status = exchange(socket_.get(), ++sequence_, message);
  if (status) {
    return ok();
  }
  Error error = std::move(status).error();
  if (error.code == EEXIST) {
    auto known = links();
    if (!known) {
      return std::move(known).error();
    }
    for (const LinkInfo& link : *known) {
      if (link.name == name && link.kind == "bridge") {
        return ok();
      }
    }
  }
  return fail_with(error.code, "create bridge", name);
}

Status Netlink::create_veth(const VethOptions& options) {
  NetlinkMessage message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  auto* body = message.append<ifinfomsg>();
  body->ifi_flags = IFF_UP;
  body->ifi_change = IFF_UP;
  message.put_text(IFLA_IFNAME, options.name);
  if (options.bridge_index != 0) {
    message.put_u32(IFLA_MASTER, options.bridge_index);
  }
  const size_t info = message.begin(IFLA_LINKINFO);
  message.put(IFLA_INFO_KIND, "veth", 4);
  const size_t data = message.begin(IFLA_INFO_DATA);
  const size_t peer = message.begin(VETH_INFO_PEER);
  message.append<ifinfomsg>();
  message.put_text(IFLA_IFNAME, options.guest_name);
  if (!options.guest_mac.empty()) {
    auto mac = parse_mac(options.guest_mac);
    if (!mac) {
      return std::move(mac).error();
    }
    message.put(IFLA_ADDRESS, mac->data(), mac->size());
  }
  message.put_u32(IFLA_NET_NS_FD, static_cast<uint32_t>(options.guest_netns_fd));
  message.end(peer);
  message.end(data);
  message.end(info);
  Status status = exchange(socket_.get(), ++sequence_, message);
  if (!status) {
    return fail_with(std::move(status).error().code, "create veth", options.name);
  }
  return options.isolated ? isolate(options.name) : ok();
}

Status Netlink::isolate(const std::string& name) {
  auto index = index_of(name);
  if (!index) {
    return std::move(index).error();
  }
  NetlinkMessage message(RTM_SETLINK, 0);
  auto* body = message.append<ifinfomsg>();
  body->ifi_family = AF_BRIDGE;
  body->ifi_index = static_cast<int>(*index);
  const size_t port = message.begin(IFLA_PROTINFO | NLA_F_NESTED);
  message.put_u8(IFLA_BRPORT_ISOLATED, 1);
  message.end(port);
  Status status = exchange(socket_.get(), ++sequence_, message);
  return status ? ok() : Status(fail_with(std::move(status).error().code, "isolate bridge port", name));
}

Status Netlink::set_up(uint32_t index) {
  NetlinkMessage message(RTM_NEWLINK, 0);
  auto* body = message.append<ifinfomsg>();
  body->ifi_index = static_cast<int>(index);
  body->ifi_flags = IFF_UP;
  body->ifi_change = IFF_UP;
  Status status = exchange(socket_.get(), ++sequence_, message);
  return status ? ok() : Status(fail_with(std::move(status).error().code, "set link up"));
}

Status Netlink::add_address(uint32_t index, const std::string& cidr) {
  auto address = parse_address(cidr);
  if (!address) {
    return std::move(address).error();
  }
  NetlinkMessage message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
  auto* body = message.append<ifaddrmsg>();
  body->ifa_family = static_cast<uint8_t>(address->family);
  body->ifa_prefixlen = address->prefix;
  body->ifa_index = index;
  message.put(IFA_LOCAL, address->bytes.data(), address->size());
  message.put(IFA_ADDRESS, address->bytes.data(), address->size());
  if (address->family == AF_INET6) {
    // leases are unique by construction, so the second that duplicate detection waits is saved
    message.put_u32(IFA_FLAGS, IFA_F_NODAD | IFA_F_PERMANENT);
  }
  Status status = exchange(socket_.get(), ++sequence_, message);
  if (!status) {
    const int code = std::move(status).error().code;
    return code == EEXIST ? ok() : Status(fail_with(code, "add address", cidr));
  }
  return ok();
}

Status Netlink::add_default_route(uint32_t index, const std::string& gateway) {
  auto address = parse_address(gateway);
  if (!address) {
    return std::move(address).error();
  }
  NetlinkMessage message(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
  auto* body = message.append<rtmsg>();
  body->rtm_family = static_cast<uint8_t>(address->family);
  body->rtm_table = RT_TABLE_MAIN;
  body->rtm_protocol = RTPROT_STATIC;
  body->rtm_scope = RT_SCOPE_UNIVERSE;
  body->rtm_type = RTN_UNICAST;
  message.put(RTA_GATEWAY, address->bytes.data(), address->size());
  message.put_u32(RTA_OIF, index);
  Status status = exchange(socket_.get(), ++sequence_, message);
  if (!status) {
    const int code = std::move(status).error().code;
    return code == EEXIST ? ok() : Status(fail_with(code, "add default route", gateway));
  }
  return ok();
}

Status Netlink::delete_link(const std::string& name) {
  NetlinkMessage message(RTM_DELLINK, 0);
  message.append<ifinfomsg>();
  message.put_text(IFLA_IFNAME, name);
  Status status = exchange(socket_.get(), ++sequence_, message);
  if (!status) {
    const int code = std::move(status).error().code;
    return code == ENODEV ? ok() : Status(fail_with(code, "delete link", name));
  }
  return ok();
}

Result<std::vector<LinkInfo>> Netlink::links() {
  NetlinkMessage message(RTM_GETLINK, NLM_F_DUMP);
  message.append<ifinfomsg>();
  std::vector<LinkInfo> found;
  Status status = exchange(socket_.get(), ++sequence_, message,
                           [&](const nlmsghdr* part) { found.push_back(link_of(part)); });
  if (!status) {
    return fail_with(std::move(status).error().code, "list links");
  }
  return found;
}

}  // namespace berth
