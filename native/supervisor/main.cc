// supervisor: one per running guest. The spec comes on descriptor 3, the start report goes to descriptor 4;
// protocol/README.md says both. Outlives the process that started it.
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "detach.h"
#include "guest.h"
#include "sys.h"

namespace berth {
namespace {

void prepare_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_SETMASK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
}

struct Order {
  std::string text;
  Spec spec;
  CgroupLayout layout;
};

Result<Order> take_order() {
  Order order;
  auto text = read_all(wire::kSpecDescriptor, wire::kMaxSpecBytes);
  if (!text) {
    return text.error().in("read the spec");
  }
  close(wire::kSpecDescriptor);
  order.text = std::move(*text);
  auto spec = parse_spec(order.text);
  if (!spec) {
    return spec.error();
  }
  order.spec = std::move(*spec);
  auto layout = CgroupLayout::probe();
  if (!layout) {
    return layout.error();
  }
  order.layout = std::move(*layout);
  return order;
}

Status supervise(Report& report, Order order) {
  Guest guest(std::move(order.spec), std::move(order.layout));
  BERTH_TRY(guest.start(report, order.text));
  order.text.clear();
  return guest.run();
}

Status serve(Report& report, Status guarded) {
  if (!guarded) {
    return guarded;
  }
  close_strays();
  auto order = take_order();
  if (!order) {
    return order.error();
  }
  report.step("order");
  BERTH_TRY(detach(order->layout, order->spec.supervisor_cgroup));
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  prepare_signals();
  report.step("detach");
  return supervise(report, std::move(*order));
}

}  // namespace
}  // namespace berth

int main(int, char** argv) {
  using namespace berth;
  Status guarded = run_from_read_only(argv, environ);  // before the report, which does not outlive an exec
  Report report(wire::kReportDescriptor);
  auto served = serve(report, std::move(guarded));
  if (!served) {
    report.error(served.error());  // now that the guest is gone: who reads it may start again at once
    return 1;
  }
  return 0;
}
