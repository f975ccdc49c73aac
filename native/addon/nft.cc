#include "nft.h"

#include <nftables/libnftables.h>

#include <memory>
#include <mutex>

namespace berth::addon {

Status run_nft(const std::string& script) {
  static std::mutex one_at_a_time;  // libnftables keeps global state in its parser
  const std::lock_guard<std::mutex> lock(one_at_a_time);
  const std::unique_ptr<nft_ctx, decltype(&nft_ctx_free)> context(nft_ctx_new(NFT_CTX_DEFAULT), nft_ctx_free);
  if (!context) {
    return fail_with(ENOMEM, "open nftables");
  }
  nft_ctx_buffer_error(context.get());
  nft_ctx_buffer_output(context.get());
  errno = 0;
  if (nft_run_cmd_from_buffer(context.get(), script.c_str()) != 0) {
    const int code = errno;
    std::string words = nft_ctx_get_error_buffer(context.get());
    while (!words.empty() && words.back() == '\n') {
      words.pop_back();
    }
    // A script that does not parse leaves whatever errno it met last.
    return fail_with(code == EPERM || code == EBUSY || code == ENOENT || code == EEXIST ? code : EINVAL,
                     "nft: " + words);
  }
  return ok();
}

}  // namespace berth::addon
