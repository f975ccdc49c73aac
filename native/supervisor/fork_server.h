// Supervisors are born here: a process that has the program loaded, its groups joined and the hierarchies of
// the host known, and that forks for every order. It saves a start an exec and two clones. Of what one guest
// is told nothing is in here.
#pragma once

namespace berth {

// Serve orders from the socket that is descriptor 3 (a spec and a report each, protocol/README.md) until
// whoever gives them is gone: false then. True in each child, which has its spec as 3 and its report as 4.
bool serve_orders();

}  // namespace berth
