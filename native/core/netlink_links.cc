// Links: bridges, veth pairs, and what there is.
#include <fcntl.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>

#include "netlink.h"
#include "netlink_message.h"
#include "sys.h"

namespace berth {
namespace {

struct Mac {
  uint8_t bytes[6];
};

bool parse_mac(const std::string& text, Mac& mac) {
  const char* at = text.c_str();
  for (int i = 0; i < 6; i++) {
    char* end = nullptr;
    const unsigned long value = strtoul(at, &end, 16);
    if (end != at + 2 || value > 255 || *end != (i == 5 ? '\0' : ':')) {
      return false;
    }
    mac.bytes[i] = static_cast<uint8_t>(value);
    at = end + 1;
  }
  return (mac.bytes[0] & 1) == 0;  // else it is a group's address
}

// Locally administered, the same for the same name (FNV-1a), so that guests' neighbour tables stay right.
Mac mac_of(const std::string& name) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char letter : name) {
    hash = (hash ^ static_cast<uint8_t>(letter)) * 0x100000001b3;
  }
  Mac mac = {{0x02, 0xbe, 0, 0, 0, 0}};
  memcpy(mac.bytes + 2, &hash, 4);
  return mac;
}

ifinfomsg up_link(uint32_t index = 0) {
  ifinfomsg link = {};
  link.ifi_index = static_cast<int>(index);
  link.ifi_flags = IFF_UP;
  link.ifi_change = IFF_UP;
  return link;
}

// The kernel uses one of a veth's queues unless told otherwise, but makes as many as there are processors and
// then waits for each end until nobody uses the others.
void one_queue(NetlinkMessage& message) {
  message.add_u32(IFLA_NUM_TX_QUEUES, 1);
  message.add_u32(IFLA_NUM_RX_QUEUES, 1);
}

Status check_name(const std::string& name) {
  if (name.empty() || name.size() >= IFNAMSIZ || name.find('/') != std::string::npos) {
    return fail_with(EINVAL, "name a link with 1 to 15 characters", name);
  }
  return ok();
}

LinkInfo describe(const nlmsghdr& header) {
  const auto link = fixed_part<ifinfomsg>(header);
  LinkInfo info = {static_cast<uint32_t>(link.ifi_index), {}, {}, (link.ifi_flags & IFF_UP) != 0, 0, 0};
  auto attributes = Attributes::of(header, sizeof link);
  while (const rtattr* at = attributes.next()) {
    if (at->rta_type == IFLA_IFNAME) {
      info.name = text_of(*at);
    } else if (at->rta_type == IFLA_STATS64) {
      const auto stats = value_of<rtnl_link_stats64>(*at);
      info.receive_bytes = stats.rx_bytes;
      info.transmit_bytes = stats.tx_bytes;
    } else if (at->rta_type == IFLA_LINKINFO) {
      auto parts = Attributes::in(*at);
      while (const rtattr* inner = parts.next()) {
        if (inner->rta_type == IFLA_INFO_KIND) {
          info.kind = text_of(*inner);
        }
      }
    }
  }
  return info;
}

}  // namespace

Result<uint32_t> Netlink::index_of(const std::string& name) const {
  BERTH_TRY(check_name(name));
  // Asked by RTM_GETLINK the kernel first finishes what it has put off about the link, under the lock of all
  // links.
  ifreq request = {};
  memcpy(request.ifr_name, name.c_str(), name.size());
  if (ioctl(socket_.get(), SIOCGIFINDEX, &request) != 0) {
    return fail("find link", name);
  }
  return static_cast<uint32_t>(request.ifr_ifindex);
}

Status Netlink::create_bridge(const std::string& name) {
  BERTH_TRY(check_name(name));
  const Mac mac = mac_of(name);
  NetlinkMessage message(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  message.fixed(ifinfomsg{});
  message.add(IFLA_IFNAME, name);
  message.add(IFLA_ADDRESS, &mac, sizeof mac);
  const size_t info = message.begin(IFLA_LINKINFO);
  message.add(IFLA_INFO_KIND, std::string("bridge"));
  const size_t data = message.begin(IFLA_INFO_DATA);
  // Without somebody who asks for members it keeps nothing from anybody, and each new port restarts the
  // timers of all.
  message.add_u8(IFLA_BR_MCAST_SNOOPING, 0);
  message.end(data);
  message.end(info);
  Status made = ask(message, "make bridge", name);
  if (made) {
    return ok();
  }
  Error refused = made.error();
  if (refused.code != EEXIST) {
    return refused;
  }
  Result<std::vector<LinkInfo>> all = links();
  if (!all) {
    return all.error();
  }
  for (const LinkInfo& link : *all) {
    if (link.name == name && link.kind == "bridge") {
      return ok();
    }
  }
  return fail_with(EEXIST, "make bridge: a link of another kind has the name", name);
}

Status Netlink::create_veth(const VethOptions& options) {
  BERTH_TRY(check_name(options.name));
  BERTH_TRY(check_name(options.guest_name));
  Mac mac = {};
  if (!parse_mac(options.guest_mac, mac)) {
    return fail_with(EINVAL, "read a MAC address such as 02:00:00:00:00:01", options.guest_mac);
  }
  NetlinkMessage message(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  message.fixed(ifinfomsg{});
  message.add(IFLA_IFNAME, options.name);
  one_queue(message);
  if (options.bridge_index != 0) {
    message.add_u32(IFLA_MASTER, options.bridge_index);  // down until its port is locked
  }
  const size_t info = message.begin(IFLA_LINKINFO);
  message.add(IFLA_INFO_KIND, std::string("veth"));
  const size_t data = message.begin(IFLA_INFO_DATA);
  const size_t peer = message.begin(VETH_INFO_PEER);
  message.fixed(ifinfomsg{});
  message.add(IFLA_IFNAME, options.guest_name);
  message.add(IFLA_ADDRESS, &mac, sizeof mac);
  one_queue(message);
  if (options.guest_netns_fd >= 0) {
    message.add_u32(IFLA_NET_NS_FD, static_cast<uint32_t>(options.guest_netns_fd));
  }
  message.end(peer);
  message.end(data);
  message.end(info);
  BERTH_TRY(ask(message, "make veth", options.name));
  if (options.bridge_index == 0) {
    return ok();
  }
  Result<uint32_t> index = index_of(options.name);
  if (!index) {
    return index.error();
  }
  Status locked = leave_without_ipv6(*index, options.name);
  if (locked) {
    locked = lock_port(*index, options);
  }
  if (!locked) {
    const Status undone = delete_link(options.name);
    static_cast<void>(undone);
    return locked;
  }
  return ok();
}

// A port of a bridge needs no address of its own. With one, each start and stop changes the addresses of the
// host, at which browsers on it drop their connections (ERR_NETWORK_CHANGED).
Status Netlink::leave_unaddressed(uint32_t index, const std::string& name) {
  NetlinkMessage message(RTM_SETLINK, NLM_F_ACK);
  ifinfomsg link = {};
  link.ifi_index = static_cast<int>(index);
  message.fixed(link);
  const size_t families = message.begin(IFLA_AF_SPEC);
  const size_t ipv6 = message.begin(AF_INET6);
  message.add_u8(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
  message.end(ipv6);
  message.end(families);
  Status quiet = ask(message, "leave link without an address", name);
  if (!quiet) {
    Error refused = quiet.error();
    if (refused.code != EAFNOSUPPORT) {  // a kernel without IPv6 gives none anyway
      return refused;
    }
  }
  return ok();
}

// No address, and none of the routes that the host's table would have for each port, to be searched at each
// start.
Status Netlink::leave_without_ipv6(uint32_t index, const std::string& name) {
  Status off = write_into(AT_FDCWD, "/proc/sys/net/ipv6/conf/" + name + "/disable_ipv6", "1");
  return off ? ok() : leave_unaddressed(index, name);
}

// Only frames from the guest's own MAC pass (a locked port with its one static entry), and nothing is
// learned.
Status Netlink::lock_port(uint32_t index, const VethOptions& options) {
  Mac mac = {};
  parse_mac(options.guest_mac, mac);
  NetlinkMessage entry(RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE);
  ndmsg neighbour = {};
  neighbour.ndm_family = PF_BRIDGE;
  neighbour.ndm_ifindex = static_cast<int>(index);
  neighbour.ndm_state = NUD_NOARP;
  neighbour.ndm_flags = NTF_MASTER;
  entry.fixed(neighbour);
  entry.add(NDA_LLADDR, &mac, sizeof mac);
  BERTH_TRY(ask(entry, "bind the guest's MAC to its port", options.name));

  NetlinkMessage message(RTM_SETLINK, NLM_F_ACK);
  ifinfomsg link = {};
  link.ifi_family = PF_BRIDGE;
  link.ifi_index = static_cast<int>(index);
  message.fixed(link);
  const size_t port = message.begin(IFLA_PROTINFO | NLA_F_NESTED);
  message.add_u8(IFLA_BRPORT_LEARNING, 0);
  message.add_u8(IFLA_BRPORT_GUARD, 1);  // a guest has no say in the spanning tree
  message.add_u8(IFLA_BRPORT_ISOLATED, options.isolated ? 1 : 0);
  message.add_u8(IFLA_BRPORT_LOCKED, 1);
  message.end(port);
  return ask(message, "lock bridge port", options.name);
}

Status Netlink::set_up(uint32_t index) {
  NetlinkMessage message(RTM_NEWLINK, NLM_F_ACK);
  message.fixed(up_link(index));
  return ask(message, "set link up", std::to_string(index));
}

namespace {

Status unless_gone(Status deleted) {
  return !deleted && deleted.error().code == ENODEV ? ok() : deleted;
}

}  // namespace

Status Netlink::delete_link(const std::string& name) {
  BERTH_TRY(check_name(name));
  NetlinkMessage message(RTM_DELLINK, NLM_F_ACK);
  message.fixed(ifinfomsg{});
  message.add(IFLA_IFNAME, name);
  return unless_gone(ask(message, "delete link", name));
}

Status Netlink::delete_link(uint32_t index) {
  NetlinkMessage message(RTM_DELLINK, NLM_F_ACK);
  ifinfomsg link = {};
  link.ifi_index = static_cast<int>(index);
  message.fixed(link);
  return unless_gone(ask(message, "delete link", std::to_string(index)));
}

Result<std::vector<LinkInfo>> Netlink::links() {
  NetlinkMessage message(RTM_GETLINK, NLM_F_DUMP);
  message.fixed(ifinfomsg{});
  std::vector<LinkInfo> all;
  BERTH_TRY(ask(message, "list links", {}, [&](const nlmsghdr& header) {
    if (header.nlmsg_type == RTM_NEWLINK) {
      all.push_back(describe(header));
    }
  }));
  return all;
}

}  // namespace berth
