// One running guest, from the supervisor's side. Whatever a start acquired is given back when this ends, in
// any state.
#pragma once

#include <linux/sched.h>

#include <array>
#include <memory>
#include <optional>

#include "beside.h"
#include "cgroup.h"
#include "channel.h"
#include "events.h"
#include "holder.h"
#include "learner.h"
#include "namespaces.h"
#include "report.h"
#include "rootfs.h"
#include "spec.h"

namespace berth {

class Guest {
 public:
  Guest(Spec spec, CgroupLayout layout) : spec_(std::move(spec)), layout_(std::move(layout)) {}
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;
  ~Guest();

  // The named steps, in order, each told to `report`; then `ready`. On failure nothing is left once this
  // object is gone.
  Status start(Report& report, const std::string& spec_text);
  // Serve the console until init has ended and its clients know.
  Status run();

 private:
  Status make_folder();
  Status find_namespaces();
  Status make_cgroup();
  Status bound_cgroup() const;
  Status admit_init();
  Status clone_init();
  Status old_clocks() const;
  Status clone_child(clone_args args);
  Status clone_in_lent(clone_args args);
  [[noreturn]] void be_init();
  Status map_ids();
  Status tell_init(Message message, int fd = -1, const std::string& payload = {});
  Status make_link();
  Status raise_link() const;
  Status make_root();
  Status hand_root();
  void let_overlay_go();
  Status leave_mounts();
  Status open_holder();
  Status learn_calls();
  Status check_settings() const;
  Status settle();
  Status hooks_before_root(const std::string& spec_text);
  Status hooks_around_root();
  Status hooks_inside();
  void hooks_after_start(Report& report);
  void hooks_after_stop();
  Status wait_exec();
  Status write_state(const std::string& spec_text);
  Status watch_signals();
  Status watch_events();
  void stop(bool force, uint32_t timeout_ms);
  void kill_init();
  bool init_catches(int signal_number) const;
  Exit clean();
  Exit how_it_ended(int wait_status, int told_signal) const;
  void save_memory_full();
  void delete_link();
  void wait_for_link_gone();
  void forget_files(bool all);

  Spec spec_;
  CgroupLayout layout_;
  Fd run_dir_;
  bool made_run_dir_ = false;
  bool owes_poststop_ = false;
  std::string filter_;
  std::vector<Lender> lenders_;  // until init is born
  uint32_t root_id_ = 0;         // of the guest's root on the host
  std::optional<Cgroup> cgroup_;
  Channel channel_;
  Fd init_program_;
  int init_pid_ = -1;
  uint64_t init_start_time_ = 0;
  Fd init_;                // pidfd
  Fd host_mounts_;         // the mount namespace to go back to
  GuestRoot root_;         // until init has it
  Fd layers_, overlay_;    // see let_overlay_go()
  std::vector<Fd> spent_;  // to close once init runs
  std::unique_ptr<Holder> holder_;
  Fd signals_, timer_;
  bool killed_ = false;  // init, by us
  std::unique_ptr<Events> events_;
  std::optional<Learner> learner_;
  std::array<unsigned, 2> links_ = {};  // what deleting_link_ deletes: the link and its shaper; 0: none
  std::optional<Beside> deleting_link_, writing_back_;  // waited for in the end
};

// Children have been born in the guest's pid namespace since it got its /proc, and threads cannot be: again
// in ours.
Status bear_on_host();

// What init does between clone3 and exec; returns the failure.
struct InitPlan {
  const Spec& spec;
  const Cgroup& cgroup;
  const std::string& filter;
  int channel;
  int init;  // the minimal init on a read-only mount; -1: the command is init
};
Error become_init(const InitPlan& plan);

}  // namespace berth
