#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "gateway/online_session.h"

namespace qn::gateway {

struct GatewayCore;

// What the sessions of one loop ask the store; so many at a time, in the order of
// their questions, so that a crowd that comes back does not fill the store's
// queue. A session asks one question at a time, which bounds it. One loop.
class ReadQueue {
 public:
  ReadQueue(GatewayCore& core, std::size_t loop) : core_(core), loop_(loop) {}

  struct Question {
    std::shared_ptr<OnlineSession> session;
    DeliverySession::Ticket ticket = 0;
    int limit = 0;                                // what is missing; 0: bodies
    std::vector<model::LogPosition> positions{};  // of these messages
  };
  void add(Question question);

 private:
  void pump();
  static Task<void> ask(std::shared_ptr<GatewayCore> core, ReadQueue& queue, Question question);

  GatewayCore& core_;
  const std::size_t loop_;
  std::deque<Question> waiting_;
  std::size_t running_ = 0;
};

}  // namespace qn::gateway
