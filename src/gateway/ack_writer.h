#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "base/task.h"
#include "gateway/online_session.h"

namespace qn::gateway {

struct GatewayCore;

// Brings acknowledgements of one loop's sessions into the store: collected for a
// moment, written together, one batch after the other, and tried again until the
// store has taken them. It queues sessions, not stretches, and each at most once:
// that bounds it, and sessions merge their stretches while they wait. One loop.
class AckWriter {
 public:
  AckWriter(GatewayCore& core, std::size_t loop) : core_(core), loop_(loop) {}

  // The session has acknowledged stretches; `hurry`: it waits for the store.
  void add(OnlineSession& session, bool hurry);
  void on_tick(Instant now);
  bool is_idle() const { return waiting_.empty() && !is_running_; }

 private:
  using Batch = std::vector<std::shared_ptr<OnlineSession>>;

  void run();
  static Task<void> write_all(std::shared_ptr<GatewayCore> core, AckWriter& writer);
  std::vector<model::Delivered> collect(Batch& sessions);
  static Task<void> write(std::shared_ptr<GatewayCore> core, std::vector<model::Delivered> batch);
  void on_written(const Batch& sessions);

  GatewayCore& core_;
  const std::size_t loop_;
  std::deque<std::shared_ptr<OnlineSession>> waiting_;
  Instant due_{0};
  bool is_running_ = false;
};

}  // namespace qn::gateway
