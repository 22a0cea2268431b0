#include "gateway/fan_out.h"

#include <utility>

#include "gateway/frames.h"

namespace qn::gateway {

LiveBatchPtr make_batch(std::vector<model::LoggedMessage> messages, Time now) {
  auto batch = std::make_shared<LiveBatch>();
  batch->messages.reserve(messages.size());
  for (auto& m : messages) {
    auto frame = chat_frame(m.body, now);
    batch->bytes += frame->bytes().size();
    batch->messages.push_back(
        {m.position, m.conversation, m.seq, m.hidden_from, std::move(frame), std::move(m.members)});
  }
  return batch;
}

bool LoopInbox::push(LiveBatchPtr batch) {
  const std::lock_guard lock(mu_);
  messages_ += batch->messages.size();
  bytes_ += batch->bytes;
  if (messages_ > options_.max_inbox || bytes_ > options_.max_inbox_bytes) {
    lost_ = batch->messages.back().position;
    batches_.clear();
    messages_ = bytes_ = 0;
  } else {
    batches_.push_back(std::move(batch));
  }
  return !std::exchange(is_known_, true);
}

LoopInbox::Taken LoopInbox::take() {
  const std::lock_guard lock(mu_);
  Taken taken{std::exchange(batches_, {}), std::exchange(lost_, 0)};
  messages_ = bytes_ = 0;
  is_known_ = !taken.batches.empty() || taken.lost != 0;
  return taken;
}

}  // namespace qn::gateway
