// Who a guest's own /etc/passwd and /etc/group say a user is. Read inside the guest, which writes these
// files: bounded, and never a pipe or a device. See passwd(5), group(5).
#pragma once

#include <string>

#include "result.h"
#include "walls.h"

namespace berth {

struct Account {
  User user;
  std::string name, home = "/", shell;
};

// `wanted`: a name or a number; `name:group` and `number:number` too. `root` is the root folder ("" for /).
// ENOENT: no such user, with the name in the path. A number without an entry is itself.
Result<Account> find_account(const std::string& wanted, const std::string& root = {});

}  // namespace berth
