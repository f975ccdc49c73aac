#include "link_rates.h"

#include <net/if.h>

namespace berth {

namespace {

// One that was there may have lost the way to it.
Status lead_through(Netlink& netlink, uint32_t index, uint32_t through) {
  Result<uint32_t> before = netlink.arriving_through(index);
  if (!before) {
    return before.error();
  }
  return *before == through ? ok() : netlink.redirect_arriving(index, through);
}

// The new queue first, the way to it last, so that no packet goes nowhere.
Status shape_arriving(Netlink& netlink, const std::string& link, uint32_t index, int64_t bytes) {
  const std::string shaper = shaper_of(link);
  if (bytes < 0) {
    if (if_nametoindex(shaper.c_str()) == 0) {
      return ok();
    }
    BERTH_TRY(netlink.redirect_arriving(index, 0));
    return netlink.delete_link(shaper);
  }
  bool made = false;
  BERTH_TRY(netlink.create_ifb(shaper, made));
  Status shaped = ok();
  Result<uint32_t> through = netlink.index_of(shaper);
  if (!through) {
    shaped = through.error();
  } else {
    shaped = netlink.set_rate(*through, bytes);
    if (shaped) {
      shaped = lead_through(netlink, index, *through);
    }
  }
  if (!shaped && made) {
    const Status undone = netlink.delete_link(shaper);
    static_cast<void>(undone);
  }
  return shaped;
}

}  // namespace

std::string shaper_of(const std::string& link) {
  std::string name = link;
  if (name.size() > 1) {
    name[1] = 'i';
  }
  return name;
}

Status set_link_rates(Netlink& netlink, const std::string& link, const LinkRates& rates) {
  Result<uint32_t> index = netlink.index_of(link);
  if (!index) {
    return index.error();
  }
  if (shaper_of(link) == link) {
    return fail_with(EINVAL, "name a link whose second letter is not i", link);
  }
  Result<int64_t> before = netlink.rate_of(*index);
  if (!before) {
    return before.error();
  }
  if (*before != rates.receive_bytes) {
    BERTH_TRY(netlink.set_rate(*index, rates.receive_bytes));
  }
  Status shaped = shape_arriving(netlink, link, *index, rates.transmit_bytes);
  if (!shaped) {
    const Status undone = netlink.set_rate(*index, *before);
    static_cast<void>(undone);
  }
  return shaped;
}

Result<LinkRates> read_link_rates(Netlink& netlink, const std::string& link) {
  Result<uint32_t> index = netlink.index_of(link);
  if (!index) {
    return index.error();
  }
  Result<int64_t> receive = netlink.rate_of(*index);
  if (!receive) {
    return receive.error();
  }
  LinkRates rates = {*receive, -1};
  if (const uint32_t shaper = if_nametoindex(shaper_of(link).c_str()); shaper != 0) {
    Result<int64_t> transmit = netlink.rate_of(shaper);
    if (!transmit) {
      return transmit.error();
    }
    Result<uint32_t> through = netlink.arriving_through(*index);
    if (!through) {
      return through.error();
    }
    // A queue that nothing comes to limits nothing.
    if (*through == shaper) {
      rates.transmit_bytes = *transmit;
    }
  }
  return rates;
}

}  // namespace berth
