#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "model/message_log.h"

namespace qn::test {

// The log of DeliveryModel as one user sees it: conversations, what of them has
// been noted as delivered, and what a client has really received.
class ModelLog {
 public:
  struct Message {
    model::LogPosition position = 0;
    model::ConversationId conversation;
    model::Seq seq = 0;
    bool is_hidden = false;
    bool is_received = false;   // by the client, on any socket
    bool is_confirmed = false;  // the session knows that the last copy arrived
    bool was_sent = false;
    bool was_out_of_turn = false;
    bool is_given_up = false;   // the last copy: its socket has been too slow
    std::uint64_t line = 0;     // of the last copy
    std::size_t at = 0;         // in its pipe
    std::uint64_t session = 0;  // which object, of those that were the session in turn
  };

  model::LogPosition append(std::int64_t conversation, bool is_hidden) {
    Conversation& c = conversations_[conversation];
    Message m;
    m.position = static_cast<model::LogPosition>(messages_.size() + 1);
    m.conversation = model::ConversationId(conversation);
    m.seq = ++c.last_seq;
    m.is_hidden = is_hidden;
    // Who talks has no backlog of his own words.
    if (is_hidden && c.cursor == m.seq - 1) c.cursor = m.seq;
    messages_.push_back(m);
    return m.position;
  }
  std::vector<Message>& messages() { return messages_; }
  Message& message(model::LogPosition position) {
    return messages_[static_cast<std::size_t>(position - 1)];
  }

  // Everything sent on the line has arrived, or need not be waited for.
  void give_up(std::uint64_t line) {
    for (Message& m : messages_) {
      if (m.line == line && !m.is_confirmed) m.is_given_up = true;
    }
  }
  // The client says what it has.
  void confirm(model::ConversationId conversation, model::Seq seq, std::uint64_t session) {
    for (Message& m : messages_) {
      const bool is_meant = m.conversation == conversation && m.seq <= seq;
      if (is_meant && m.was_sent && m.session == session) m.is_confirmed = true;
    }
  }

  bool is_missing(const Message& m) const {
    const auto& c = conversations_.at(m.conversation.value);
    return !m.is_hidden && m.seq > c.cursor && !c.ahead.contains(m.seq);
  }
  model::Backlog look_up(int limit) const {
    model::Backlog backlog;
    backlog.horizon = static_cast<model::LogPosition>(messages_.size());
    std::set<std::int64_t> seen;
    for (const Message& m : messages_) {
      if (!is_missing(m)) continue;
      if (static_cast<int>(backlog.messages.size()) == limit) {
        backlog.is_complete = false;
        break;
      }
      backlog.messages.push_back({m.position, m.conversation, m.seq});
      seen.insert(m.conversation.value);
    }
    for (const auto id : seen) {
      backlog.ends.push_back({model::ConversationId(id), conversations_.at(id).last_seq});
    }
    return backlog;
  }
  // The result: a message that has not arrived.
  std::optional<model::LogPosition> deliver(const model::Delivered& d) {
    Conversation& c = conversations_[d.conversation.value];
    const model::Seq last = std::min(d.last, c.last_seq);
    std::optional<model::LogPosition> too_early;
    for (const Message& m : messages_) {
      if (m.conversation != d.conversation || m.seq > last || !is_missing(m)) continue;
      if (!d.is_in_turn && m.seq < d.first) continue;
      if (!m.is_received) too_early = m.position;
    }
    if (d.is_in_turn) c.cursor = std::max(c.cursor, last);
    for (auto seq = d.first; !d.is_in_turn && seq <= last; ++seq) c.ahead.insert(seq);
    return too_early;
  }

 private:
  struct Conversation {
    model::Seq last_seq = 0;
    model::Seq cursor = 0;
    std::set<model::Seq> ahead;
  };
  std::vector<Message> messages_;
  std::map<std::int64_t, Conversation> conversations_;
};

}  // namespace qn::test
