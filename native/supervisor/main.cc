// supervisor: one per running guest. The spec comes on descriptor 3, the start report goes to descriptor 4;
// protocol/README.md says both. Outlives the process that started it.
// supervisor fork-server GROUP: one per server; its children are such supervisors.
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "detach.h"
#include "fork_server.h"
#include "guest.h"
#include "kept_mounts.h"
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
  return order;
}

Status supervise(Report& report, Order order, CgroupLayout layout) {
  Guest guest(std::move(order.spec), std::move(layout));
  BERTH_TRY(guest.start(report, order.text));
  order.text.clear();
  return guest.run();
}

// Nobody gets at the memory of who holds the host's powers.
void prepare_process() {
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  prepare_signals();
}

// A process of the caller's becomes the supervisor of one guest.
Status serve_alone(Report& report, Status guarded) {
  if (!guarded) {
    return guarded;
  }
  close_strays();
  auto order = take_order();
  if (!order) {
    return order.error();
  }
  auto layout = CgroupLayout::probe();
  if (!layout) {
    return layout.error();
  }
  report.step("order");
  BERTH_TRY(detach(*layout, order->spec.supervisor_cgroup));
  prepare_process();
  report.step("detach");
  return supervise(report, std::move(*order), std::move(*layout));
}

// In the place of the words that the fork server was started with, so that ps(1) tells whose it is.
void show_guest(char** argv, const std::string& id) {
  const auto room = static_cast<size_t>(argv[2] + strlen(argv[2]) - argv[1]);
  memset(argv[1], 0, room);
  memcpy(argv[1], id.data(), std::min(id.size(), room));
}

Status serve_forked(Report& report, CgroupLayout layout, char** argv) {
  auto order = take_order();
  if (!order) {
    return order.error();
  }
  show_guest(argv, order->spec.id);
  report.step("order");
  return supervise(report, std::move(*order), std::move(layout));
}

int tell(Report& report, Status served) {
  if (!served) {
    report.error(served.error());  // now that the guest is gone: who reads it may start again at once
    return 1;
  }
  return 0;
}

// What keeps it from being one, whoever starts it hears; each of its children has a report of its own.
Result<CgroupLayout> become_fork_server(Status guarded, const char* group) {
  if (!guarded) {
    return guarded.error();
  }
  close_strays();
  prepare_process();
  auto layout = CgroupLayout::probe();
  if (layout) {
    BERTH_TRY(join_supervisors(*layout, group));
  }
  return layout;
}

int run_fork_server(Status guarded, char** argv) {
  Report own(wire::kReportDescriptor);
  auto layout = become_fork_server(std::move(guarded), argv[2]);
  if (!layout) {
    own.error(layout.error());
    return 1;
  }
  keep_mounts(argv[0]);  // before anything takes their descriptors
  auto server = pidfd_of_server();
  if (!server) {
    own.error(server.error());
    return 1;
  }
  own.ready(getpid(), 0, getpid());
  if (!serve_orders(std::move(*server))) {
    return 0;
  }
  Report report(wire::kReportDescriptor);
  return tell(report, serve_forked(report, std::move(*layout), argv));
}

}  // namespace
}  // namespace berth

int main(int argc, char** argv) {
  using namespace berth;
  Status guarded = run_from_read_only(argv, environ);  // before the report, which does not outlive an exec
  if (argc == 3 && strcmp(argv[1], kForkServer) == 0) {
    return run_fork_server(std::move(guarded), argv);
  }
  Report report(wire::kReportDescriptor);
  return tell(report, serve_alone(report, std::move(guarded)));
}
