// The files of a guest: an overlay of what is its own over the image that guests share.
#pragma once

#include "fd.h"
#include "result.h"
#include "spec.h"

namespace berth {

// A detached overlay of the spec's image and the guest's own `upper`, both idmapped by the user namespace
// (-1: as they are on disk). It keeps the credentials of the caller: see FileIdentity in rootfs.cc.
Result<Fd> mount_overlay(const Spec& spec, int user_namespace);

}  // namespace berth
