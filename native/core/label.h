// The security label of a program: an AppArmor profile or an SELinux context, taken at its exec
// (proc_pid_attr(5)).
#pragma once

#include <string>

#include "fd.h"
#include "result.h"

namespace berth {

// While the host's /proc is still in sight: the file of this very process that takes the label. EOPNOTSUPP:
// the kernel runs neither AppArmor nor SELinux.
Result<Fd> open_label_file();
// The next program of this process runs under it. EINVAL or ENOENT, with the label: the host does not have
// it.
Status set_label(int file, const std::string& label);

}  // namespace berth
