// The files of a guest: an overlay of what is its own over the image that guests share.
#pragma once

#include "fd.h"
#include "result.h"
#include "rootfs.h"
#include "spec.h"

namespace berth {

// A detached overlay of the spec's image and the guest's own `upper`, both idmapped by the user namespace
// (-1: as they are on disk). It keeps the credentials of the caller: see FileIdentity in rootfs.cc.
// Besides, `root` receives the lock of its layers, and descriptors to close when there is time: the kernel
// waits for all processors when a mount that is nowhere goes.
Result<Fd> mount_overlay(const Spec& spec, int user_namespace, GuestRoot& root);

}  // namespace berth
