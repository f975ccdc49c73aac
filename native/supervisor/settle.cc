// What comes to a guest between its root and its program: asked for by few, and paid for by those alone.
#include "settle.h"

#include "guest.h"
#include "guest_mounts.h"

namespace berth {

bool settles(const Spec& spec) {
  return !spec.mounts.empty() || !spec.guest_devices.empty();
}

Status Guest::settle() {
  if (!spec_.mounts.empty() || !spec_.guest_devices.empty()) {
    auto place = mount_place_of(init_pid_);
    if (!place) {
      return place.error();
    }
    BERTH_TRY(add_to_guest(*place, spec_.mounts, spec_.guest_devices));
  }
  return tell_init(Message::kSettled);
}

}  // namespace berth
