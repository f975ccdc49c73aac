#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/tc_act/tc_mirred.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <thread>

#include "netlink.h"
#include "netlink_message.h"
#include "nft.h"
#include "probes.h"
#include "sys.h"

namespace berth::addon {
namespace {

constexpr int kLoopback = 1;  // of every network namespace

// In a thread with a network namespace of its own.
Status in_own_network(const std::function<Status()>& work) {
  Status outcome = fail_with(ECANCELED, "run");
  std::thread thread([&] { outcome = unshare(CLONE_NEWNET) == 0 ? work() : Status(fail("unshare")); });
  thread.join();
  return outcome;
}

Status try_bridge() {
  Result<Netlink> netlink = Netlink::open();
  return netlink ? netlink->create_bridge("probe") : Status(netlink.error());
}

Status try_veth() {
  Result<Netlink> netlink = Netlink::open();
  if (!netlink) {
    return netlink.error();
  }
  VethOptions options;
  options.name = "probe0";
  options.guest_name = "probe1";
  options.guest_mac = "02:00:00:00:00:01";
  return netlink->create_veth(options);
}

Status try_nat() {
  return run_nft(
      "table inet probe { chain out { type nat hook postrouting priority 100; ip saddr 10.0.0.0/8 "
      "masquerade; }; }");
}

// Send one message and take the kernel's answer to it.
Status ask(NetlinkMessage& message, const char* what) {
  const Fd socket_fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!socket_fd.valid()) {
    return fail("open a netlink socket");
  }
  const std::string& bytes = message.finish(1);
  if (send(socket_fd.get(), bytes.data(), bytes.size(), 0) < 0) {
    return fail(what);
  }
  alignas(nlmsghdr) std::array<char, 4096> answer = {};
  const ssize_t size = recv(socket_fd.get(), answer.data(), answer.size(), 0);
  nlmsghdr header = {};
  nlmsgerr error = {};
  if (size < static_cast<ssize_t>(NLMSG_HDRLEN + sizeof error)) {
    return fail_with(EPROTO, what);
  }
  memcpy(&header, answer.data(), sizeof header);
  memcpy(&error, answer.data() + NLMSG_HDRLEN, sizeof error);
  if (header.nlmsg_type != NLMSG_ERROR || error.error != 0) {
    return fail_with(header.nlmsg_type == NLMSG_ERROR ? -error.error : EPROTO, what);
  }
  return ok();
}

Status try_ifb() {
  NetlinkMessage message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
  message.fixed(ifinfomsg{});
  message.add(IFLA_IFNAME, std::string("probe"));
  const size_t info = message.begin(IFLA_LINKINFO);
  message.add(IFLA_INFO_KIND, std::string("ifb"));
  message.end(info);
  return ask(message, "make an ifb link");
}

NetlinkMessage queue(uint32_t parent, uint32_t handle, const char* kind) {
  NetlinkMessage message(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
  tcmsg fixed = {};
  fixed.tcm_family = AF_UNSPEC;
  fixed.tcm_ifindex = kLoopback;
  fixed.tcm_parent = parent;
  fixed.tcm_handle = handle;
  message.fixed(fixed);
  message.add(TCA_KIND, std::string(kind));
  return message;
}

Status try_tbf() {
  NetlinkMessage message = queue(TC_H_ROOT, 0x10000, "tbf");
  tc_tbf_qopt options = {};
  options.rate.rate = 125000;
  options.rate.linklayer = 1;  // TC_LINKLAYER_ETHERNET: without a table
  options.limit = 100000;
  options.buffer = 100000;
  const size_t nested = message.begin(TCA_OPTIONS);
  message.add(TCA_TBF_PARMS, &options, sizeof options);
  message.end(nested);
  return ask(message, "make a tbf queue");
}

Status try_htb() {
  NetlinkMessage message = queue(TC_H_ROOT, 0x10000, "htb");
  tc_htb_glob options = {};
  options.version = 3;
  options.rate2quantum = 10;
  const size_t nested = message.begin(TCA_OPTIONS);
  message.add(TCA_HTB_INIT, &options, sizeof options);
  message.end(nested);
  return ask(message, "make an htb queue");
}

Status try_ingress() {
  NetlinkMessage message = queue(TC_H_INGRESS, 0xffff0000, "ingress");
  return ask(message, "make an ingress queue");
}

Status try_mirred() {
  NetlinkMessage message(RTM_NEWACTION, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
  message.fixed(tcamsg{});
  tc_mirred options = {};
  options.action = TC_ACT_STOLEN;
  options.eaction = TCA_EGRESS_REDIR;
  options.ifindex = kLoopback;
  const size_t table = message.begin(TCA_ACT_TAB);
  const size_t first = message.begin(1);
  message.add(TCA_ACT_KIND, std::string("mirred"));
  const size_t nested = message.begin(TCA_ACT_OPTIONS);
  message.add(TCA_MIRRED_PARMS, &options, sizeof options);
  message.end(nested);
  message.end(first);
  message.end(table);
  return ask(message, "redirect packets");
}

}  // namespace

bool try_network(const std::string& name, Status& outcome) {
  static const std::pair<const char*, Status (*)()> kAttempts[] = {
      {"veth", try_veth}, {"bridge", try_bridge}, {"ifb", try_ifb},         {"nat", try_nat},
      {"tbf", try_tbf},   {"htb", try_htb},       {"ingress", try_ingress}, {"mirred", try_mirred}};
  for (const auto& [known, attempt] : kAttempts) {
    if (name == known) {
      outcome = in_own_network(attempt);
      return true;
    }
  }
  return false;
}

}  // namespace berth::addon
