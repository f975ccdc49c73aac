// Supervisors are born here: a process that has the program loaded, its groups joined and the hierarchies of
// the host known, and that forks for every order. It saves a start an exec and two clones. Of what one guest
// is told nothing is in here.
#pragma once

#include "fd.h"
#include "result.h"

namespace berth {

// Who gives us orders: made the socket that is descriptor 3, and is our parent. The end of that socket does
// not tell alone that it has gone: a child that it forked and that executed nothing may hold a copy.
Result<Fd> pidfd_of_server();

// Serve orders from the socket that is descriptor 3 (a spec and a report each, protocol/README.md) until
// `server` is gone: false then. True in each child, which has its spec as 3 and its report as 4.
bool serve_orders(Fd server);

}  // namespace berth
