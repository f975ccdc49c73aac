#pragma once

#include <string>

#include "result.h"

namespace berth::addon {

// Run an nftables script (libnftables(3)) as one transaction in the network namespace of this thread.
// EINVAL with nft's own words as the action.
Status run_nft(const std::string& script);

}  // namespace berth::addon
