#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "gateway/live_message.h"
#include "gateway/options.h"

namespace qn::gateway {

// What one commit brought, with its frames: made once, shared by all loops.
struct LiveBatch {
  std::vector<LiveMessage> messages;  // in log order
  std::size_t bytes = 0;
};
using LiveBatchPtr = std::shared_ptr<const LiveBatch>;

LiveBatchPtr make_batch(std::vector<model::LoggedMessage> messages, Time now);

// Live messages on their way to one loop: filled by the thread that commits,
// emptied by the loop. Bounded: when it overflows everything in it is dropped,
// and the loop hears up to where, so that its sessions read the log instead.
class LoopInbox {
 public:
  explicit LoopInbox(const GatewayOptions& options) : options_(options) {}

  struct Taken {
    std::vector<LiveBatchPtr> batches;
    model::LogPosition lost = 0;  // before them: messages up to here were dropped
  };

  // True: the loop does not know yet that there is something.
  bool push(LiveBatchPtr batch);
  // Everything there is. When it is nothing the next push() says true again.
  Taken take();

 private:
  const GatewayOptions& options_;
  std::mutex mu_;
  std::vector<LiveBatchPtr> batches_;  // guarded by mu_, like everything below
  std::size_t messages_ = 0;
  std::size_t bytes_ = 0;
  model::LogPosition lost_ = 0;
  bool is_known_ = false;
};

}  // namespace qn::gateway
