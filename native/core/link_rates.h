// The rates of a guest's link, set at the host's end of its pair: the guest can neither see nor change them.
#pragma once

#include <cstdint>
#include <string>

#include "netlink.h"

namespace berth {

// Bytes per second, seen from the guest; -1: as fast as it goes.
struct LinkRates {
  int64_t receive_bytes = -1, transmit_bytes = -1;
};

// The link that shapes what a guest sends, made when it is first limited: `bv0-7` has `bi0-7`.
std::string shaper_of(const std::string& link);
// LINK is the host's end, which sends what the guest receives. What fails leaves the rates as they were.
Status set_link_rates(Netlink& netlink, const std::string& link, const LinkRates& rates);
Result<LinkRates> read_link_rates(Netlink& netlink, const std::string& link);

}  // namespace berth
