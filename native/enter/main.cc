// enter: joins a running guest for one command (exec) or one shell (session).
#include <sys/prctl.h>
#include <unistd.h>

#include <string_view>

#include "join.h"
#include "plug.h"
#include "report.h"
#include "sys.h"
#include "wire.h"

int main(int argc, char** argv) {
  using namespace berth;
  auto guarded = run_from_read_only(argv, environ);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (guarded && argc > 1 && is_plug_verb(argv[1])) {
    return run_plug(argc, argv);
  }
  auto options = parse_options(argc, argv);
  if (!guarded || !options) {
    const Error error = guarded ? options.error() : guarded.error();
    if (argc > 1 && std::string_view(argv[1]) == "session") {
      Report(wire::kReportDescriptor).error(error);
    }
    (void)write_all(2, "error " + errno_name(error.code) + " " + report_word(error.action) + " " +
                           report_word(error.path) + "\n");
    return 125;
  }
  return options->session ? run_session(*options) : run_exec(*options);
}
