// Queues of links: tc-tbf(8), and tc-mirred(8) to an ifb for what arrives, as queues are for what leaves. The
// u32 filter that takes every packet is there on kernels that lack matchall and police.
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/tc_act/tc_mirred.h>

#include <algorithm>

#include "netlink.h"
#include "netlink_message.h"

namespace berth {
namespace {

constexpr uint32_t kHandle = 0xbe70U << 16;  // tells our queue from others
constexpr uint32_t kIngress = 0xffffU << 16;
// A bucket holds 10 ms of traffic, and some packets at least; the queue before it 100 ms, and one that
// segmentation offload made (64 KiB) at least.
constexpr int64_t kLeastBurst = 16'384;
constexpr int64_t kLeastQueue = 65'536;
constexpr int64_t kMost = UINT32_MAX;

tcmsg queue_of(uint32_t index, uint32_t parent, uint32_t handle) {
  tcmsg queue = {};
  queue.tcm_family = AF_UNSPEC;
  queue.tcm_ifindex = static_cast<int>(index);
  queue.tcm_parent = parent;
  queue.tcm_handle = handle;
  return queue;
}

bool is(Status& status, std::initializer_list<int> codes) {
  if (status) {
    return false;
  }
  const int code = status.error().code;
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

int64_t rate_in(const rtattr& options) {
  int64_t rate = -1;
  auto parts = Attributes::in(options);
  while (const rtattr* at = parts.next()) {
    if (at->rta_type == TCA_TBF_PARMS && rate < 0) {
      rate = value_of<tc_tbf_qopt>(*at).rate.rate;
    } else if (at->rta_type == TCA_TBF_RATE64) {
      rate = static_cast<int64_t>(value_of<uint64_t>(*at));
    }
  }
  return rate;
}

// Where the first action of a filter, in its options, leads packets: 0 where it is no redirection.
uint32_t redirection_in(const rtattr& options) {
  auto parts = Attributes::in(options);
  while (const rtattr* at = parts.next()) {
    if (at->rta_type != TCA_U32_ACT) {
      continue;
    }
    auto actions = Attributes::in(*at);
    while (const rtattr* action = actions.next()) {
      auto fields = Attributes::in(*action);
      while (const rtattr* field = fields.next()) {
        if ((field->rta_type & NLA_TYPE_MASK) != TCA_ACT_OPTIONS) {
          continue;
        }
        auto values = Attributes::in(*field);
        while (const rtattr* value = values.next()) {
          if (value->rta_type == TCA_MIRRED_PARMS) {
            const auto mirred = value_of<tc_mirred>(*value);
            return mirred.eaction == TCA_EGRESS_REDIR ? mirred.ifindex : 0;
          }
        }
      }
    }
  }
  return 0;
}

}  // namespace

Status Netlink::create_ifb(const std::string& name, bool& made) {
  NetlinkMessage message(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  message.fixed(ifinfomsg{});
  message.add(IFLA_IFNAME, name);
  const size_t info = message.begin(IFLA_LINKINFO);
  message.add(IFLA_INFO_KIND, std::string("ifb"));
  message.end(info);
  Status status = ask(message, "make ifb", name);
  made = status ? true : false;
  if (!status && !is(status, {EEXIST})) {
    return status;
  }
  Result<uint32_t> index = index_of(name);
  if (!index) {
    return index.error();
  }
  if (made) {
    BERTH_TRY(leave_unaddressed(*index, name));
  }
  return set_up(*index);
}

Status Netlink::set_rate(uint32_t index, int64_t bytes) {
  if (bytes < 0) {
    NetlinkMessage message(RTM_DELQDISC, NLM_F_ACK);
    message.fixed(queue_of(index, TC_H_ROOT, kHandle));
    Status gone = ask(message, "lift the rate of link", std::to_string(index));
    return is(gone, {ENOENT, EINVAL}) ? ok() : gone;  // it has none, or one that is not ours
  }
  const int64_t burst = std::clamp(bytes / 100, kLeastBurst, kMost);
  tc_tbf_qopt parameters = {};
  parameters.rate.rate = static_cast<uint32_t>(std::min(bytes, kMost));
  parameters.limit = static_cast<uint32_t>(std::min(burst + std::max(kLeastQueue, bytes / 10), kMost));
  NetlinkMessage message(RTM_NEWQDISC, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE);
  message.fixed(queue_of(index, TC_H_ROOT, kHandle));
  message.add(TCA_KIND, std::string("tbf"));
  const size_t options = message.begin(TCA_OPTIONS);
  message.add(TCA_TBF_PARMS, &parameters, sizeof parameters);
  message.add_u32(TCA_TBF_BURST, static_cast<uint32_t>(burst));
  if (bytes >= kMost) {
    message.add(TCA_TBF_RATE64, &bytes, sizeof bytes);
  }
  message.end(options);
  return ask(message, "limit the rate of link", std::to_string(index));
}

Result<int64_t> Netlink::rate_of(uint32_t index) {
  int64_t rate = -1;
  NetlinkMessage message(RTM_GETQDISC, NLM_F_DUMP);
  message.fixed(queue_of(index, 0, 0));
  BERTH_TRY(ask(message, "read the rate of link", std::to_string(index), [&](const nlmsghdr& header) {
    const auto queue = fixed_part<tcmsg>(header);
    // Kernels dump the queues of all links.
    if (queue.tcm_ifindex != static_cast<int>(index) || queue.tcm_handle != kHandle) {
      return;
    }
    bool token_bucket = false;
    auto attributes = Attributes::of(header, sizeof queue);
    while (const rtattr* at = attributes.next()) {
      token_bucket = token_bucket || (at->rta_type == TCA_KIND && text_of(*at) == "tbf");
      if (at->rta_type == TCA_OPTIONS && token_bucket) {
        rate = rate_in(*at);
      }
    }
  }));
  return rate;
}

Status Netlink::redirect_arriving(uint32_t index, uint32_t through) {
  NetlinkMessage gone(RTM_DELQDISC, NLM_F_ACK);
  gone.fixed(queue_of(index, TC_H_INGRESS, kIngress));
  Status status = ask(gone, "let arrive at link", std::to_string(index));
  if (!status && !is(status, {ENOENT, EINVAL})) {
    return status;
  }
  if (through == 0) {
    return ok();
  }
  NetlinkMessage entry(RTM_NEWQDISC, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  entry.fixed(queue_of(index, TC_H_INGRESS, kIngress));
  entry.add(TCA_KIND, std::string("ingress"));
  BERTH_TRY(ask(entry, "watch what arrives at link", std::to_string(index)));

  tc_u32_sel select = {};
  select.flags = TC_U32_TERMINAL;
  select.nkeys = 1;
  char all[sizeof select + sizeof(tc_u32_key)] = {};  // the key looks at no bit of the packet
  memcpy(all, &select, sizeof select);
  tc_mirred redirect = {};
  redirect.action = TC_ACT_STOLEN;
  redirect.eaction = TCA_EGRESS_REDIR;
  redirect.ifindex = through;
  NetlinkMessage filter(RTM_NEWTFILTER, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  tcmsg place = queue_of(index, kIngress, 0);
  place.tcm_info = TC_H_MAKE(1U << 16, htons(ETH_P_ALL));
  filter.fixed(place);
  filter.add(TCA_KIND, std::string("u32"));
  const size_t options = filter.begin(TCA_OPTIONS);
  filter.add(TCA_U32_SEL, all, sizeof all);
  const size_t actions = filter.begin(TCA_U32_ACT);
  const size_t first = filter.begin(1);
  filter.add(TCA_ACT_KIND, std::string("mirred"));
  const size_t action = filter.begin(TCA_ACT_OPTIONS);
  filter.add(TCA_MIRRED_PARMS, &redirect, sizeof redirect);
  filter.end(action);
  filter.end(first);
  filter.end(actions);
  filter.end(options);
  return ask(filter, "redirect what arrives at link", std::to_string(index));
}

Result<uint32_t> Netlink::arriving_through(uint32_t index) {
  uint32_t through = 0;
  NetlinkMessage message(RTM_GETTFILTER, NLM_F_DUMP);
  message.fixed(queue_of(index, kIngress, 0));
  BERTH_TRY(ask(message, "read what arrives at link", std::to_string(index), [&](const nlmsghdr& header) {
    const auto filter = fixed_part<tcmsg>(header);
    if (filter.tcm_ifindex != static_cast<int>(index)) {
      return;
    }
    auto attributes = Attributes::of(header, sizeof filter);
    while (const rtattr* at = attributes.next()) {
      if (at->rta_type == TCA_OPTIONS && through == 0) {
        through = redirection_in(*at);
      }
    }
  }));
  return through;
}

Result<std::vector<LinkBytes>> Netlink::link_bytes() {
  NetlinkMessage message(RTM_GETSTATS, NLM_F_DUMP);
  if_stats_msg request = {};
  request.filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64);
  message.fixed(request);
  std::vector<LinkBytes> all;
  BERTH_TRY(ask(message, "read the counters of links", {}, [&](const nlmsghdr& header) {
    const auto one = fixed_part<if_stats_msg>(header);
    auto attributes = Attributes::of(header, sizeof one);
    while (const rtattr* at = attributes.next()) {
      if (at->rta_type == IFLA_STATS_LINK_64) {
        const auto stats = value_of<rtnl_link_stats64>(*at);
        all.push_back({one.ifindex, stats.rx_bytes, stats.tx_bytes});
      }
    }
  }));
  return all;
}

}  // namespace berth
