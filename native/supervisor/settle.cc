// What comes to a guest between its root and its program: asked for by few, and paid for by those alone.
#include "settle.h"

#include "guest.h"
#include "guest_mounts.h"
#include "hooks.h"
#include "label.h"
#include "rlimits.h"
#include "sysctls.h"

namespace berth {

bool settles(const Spec& spec) {
  return !spec.mounts.empty() || !spec.guest_devices.empty() || !spec.sysctls.empty() ||
         !spec.rlimits.empty() || has_hooks(spec, "startContainer");
}

// Before anything is made.
Status Guest::check_settings() const {
  BERTH_TRY(check_sysctls(spec_));
  if (!spec_.label.empty()) {
    auto file = open_label_file();
    if (!file) {
      return fail_with(file.error().code, file.error().action, spec_.label);
    }
  }
  return ok();
}

Status Guest::settle() {
  if (!spec_.mounts.empty() || !spec_.guest_devices.empty()) {
    auto place = mount_place_of(init_pid_);
    if (!place) {
      return place.error();
    }
    BERTH_TRY(add_to_guest(*place, spec_.mounts, spec_.guest_devices));
  }
  if (!spec_.sysctls.empty()) {
    BERTH_TRY(write_sysctls(spec_, init_pid_));
  }
  BERTH_TRY(hooks_inside());
  // Last: from here on they hold for init's own preparations too.
  BERTH_TRY(set_rlimits(spec_.rlimits, init_pid_));
  return tell_init(Message::kSettled);
}

}  // namespace berth
