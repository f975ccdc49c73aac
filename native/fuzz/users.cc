// passwd and group of a guest, and who is asked for: USER NUL PASSWD NUL GROUP.
#include "users.h"

#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace berth;
  static const std::string root = [] {
    std::string path = fuzz::own_folder();
    fuzz::make_folders(path + "/etc");
    return path;
  }();
  auto parts = fuzz::pieces(fuzz::bytes_of(data, size));
  parts.resize(3);
  fuzz::put_file(root + "/etc/passwd", parts[1]);
  fuzz::put_file(root + "/etc/group", parts[2]);
  auto account = find_account(parts[0], root);
  if (!account) {
    return 0;
  }
  fuzz::promise(account->user.uid != UINT32_MAX && account->user.gid != UINT32_MAX,
                "nobody is the id that means no change");
  fuzz::promise(account->user.groups.size() <= 256, "groups are bounded");
  fuzz::promise(account->home.starts_with('/'), "a home is absolute");
  return 0;
}
