#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "model/message_log.h"

namespace qn::gateway {

// What a session has missed, as far as the store has said, on its way to the
// client: bodies are read page by page. A value of a session; one loop.
class MissedMessages {
 public:
  void accept(model::Backlog backlog) {
    messages = std::move(backlog.messages);
    ends_ = std::move(backlog.ends);
    is_complete_ = backlog.is_complete;
    page_ = {};
    next_ = page_start_ = 0;
  }
  void clear() { accept({}); }

  // What to read next; nothing: everything has been sent.
  std::size_t page_size(std::size_t rows) const { return std::min(messages.size() - next_, rows); }
  std::vector<model::LogPosition> next_page(std::size_t rows) const {
    std::vector<model::LogPosition> positions;
    for (std::size_t i = next_; i < next_ + page_size(rows); ++i) {
      positions.push_back(messages[i].position);
    }
    return positions;
  }
  void accept_page(std::vector<std::string> bodies) {
    page_ = std::move(bodies);
    page_start_ = next_;
  }

  // The messages of the page, one after the other.
  bool has_body() const { return next_ < page_start_ + page_.size(); }
  const model::PendingMessage& message() const { return messages[next_]; }
  const std::string& body() const { return page_[next_ - page_start_]; }
  void advance() { ++next_; }

  bool is_sent() const { return next_ == messages.size(); }
  // Whether nothing is missing behind them; then these are the conversations' ends.
  bool is_complete() const { return is_complete_; }
  const std::vector<model::ConversationEnd>& ends() const { return ends_; }

  // Oldest first. May be thinned out before the first page is read.
  std::vector<model::PendingMessage> messages;

 private:
  std::vector<model::ConversationEnd> ends_;
  std::vector<std::string> page_;
  std::size_t page_start_ = 0;  // of messages
  std::size_t next_ = 0;        // of messages
  bool is_complete_ = true;
};

}  // namespace qn::gateway
