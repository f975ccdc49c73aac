#include "nft.h"

#include <linux/close_range.h>
#include <nftables/libnftables.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <memory>
#include <mutex>
#include <thread>

namespace berth::addon {

namespace {

Status run_here(const std::string& script) {
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

}  // namespace

Status run_nft(const std::string& script) {
  static std::mutex one_at_a_time;  // libnftables keeps global state in its parser
  const std::lock_guard<std::mutex> lock(one_at_a_time);
  // It waits for its socket by select(2), which ends the process when that has a number of 1024 or more, as
  // with a hundred guests: so in a thread with a table of descriptors of its own, with nothing in it.
  Status done = ok();
  std::thread([&] {
    done = syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_UNSHARE) == 0
               ? run_here(script)
               : Status(fail("leave the descriptors of the process"));
  }).join();
  return done;
}

}  // namespace berth::addon
