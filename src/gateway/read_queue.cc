#include "gateway/read_queue.h"

#include <utility>

#include "base/deadline.h"
#include "gateway/core.h"
#include "gateway/gateway_loop.h"

namespace qn::gateway {

void ReadQueue::add(Question question) {
  waiting_.push_back(std::move(question));
  // Never from inside the session's call.
  if (running_ < core_.options.max_reads) {
    core_.post(loop_, [this](GatewayLoop&) { pump(); });
  }
}

void ReadQueue::pump() {
  while (running_ < core_.options.max_reads && !waiting_.empty()) {
    ++running_;
    Question question = std::move(waiting_.front());
    waiting_.pop_front();
    core_.loops.spawn(loop_, ask(core_.shared_from_this(), *this, std::move(question)));
  }
}

Task<void> ReadQueue::ask(std::shared_ptr<GatewayCore> core, ReadQueue& queue, Question question) {
  const auto by = Deadline::after(core->options.store_wait);
  if (question.limit > 0) {
    auto backlog = co_await core->inbox.missed(question.session->user(), question.limit, by);
    question.session->on_backlog(question.ticket, std::move(backlog));
  } else {
    auto positions = std::move(question.positions);
    auto bodies = co_await core->inbox.read(std::move(positions), by);
    question.session->on_bodies(question.ticket, std::move(bodies));
  }
  --queue.running_;
  queue.pump();
}

}  // namespace qn::gateway
