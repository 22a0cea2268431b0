#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/message_log.h"

namespace qn::gateway {

// What one session has been sent and the store does not know of yet: in flight
// (written to one socket, not acknowledged), then acknowledged, then on its way
// into the store. A message in any of these is not sent again. A value of its
// session; one loop. Pings number the moments of acknowledgement: a stretch is
// acknowledged by the first ping behind it, its mark.
class SentList {
 public:
  // The mark of what only the client itself acknowledges.
  static constexpr std::uint64_t kByClient = UINT64_MAX;

  void write(model::ConversationId conversation, model::Seq seq, bool is_in_turn,
             std::uint64_t mark);
  // The end of a conversation that has nothing visible behind what was written.
  void write_end(const model::ConversationEnd& end, std::uint64_t mark);

  // Acknowledges everything up to the mark. False: there was nothing.
  bool acknowledge(std::uint64_t mark);
  // The client says that it has everything of the conversation up to `seq`. What it
  // was not sent here it may have had before: as far as the log went at `until`.
  void acknowledge(model::ConversationId conversation, model::Seq seq, model::LogPosition until);
  // Forgets what is in flight: its socket is gone. False: nothing was.
  bool abandon();

  bool is_in_flight() const { return !in_flight_.empty(); }
  bool is_waiting_for(std::uint64_t mark) const {
    return !in_flight_.empty() && in_flight_.back().mark == mark;
  }

  // Whether the client is known to have it.
  bool has_arrived(const model::PendingMessage& message) const;
  // Removes what has been sent from what the store says is missing.
  void filter(std::vector<model::PendingMessage>& messages) const;

  // Hands over acknowledged stretches for the store, at most `most`.
  bool has_acknowledged() const { return !acknowledged_.empty(); }
  void take(UserId user, std::size_t most, std::vector<model::Delivered>& out);
  // What was taken is durable. While an older answer of the store is being worked
  // on (`keep`), it is still filtered, until forget_written().
  void on_written(bool keep);
  void forget_written() { written_.clear(); }

  std::size_t stretches() const { return in_flight_.size() + acknowledged_.size(); }
  std::size_t acknowledged() const { return acknowledged_.size(); }
  // Messages that the store may still call missing.
  std::size_t unconfirmed() const;
  bool empty() const {
    return in_flight_.empty() && acknowledged_.empty() && writing_.empty() && written_.empty();
  }
  // Whether nothing would be lost by forgetting this list without a socket.
  bool is_settled() const { return acknowledged_.empty() && writing_.empty(); }

 private:
  struct Stretch {
    model::ConversationId conversation;
    model::Seq first = 0;
    model::Seq last = 0;
    std::uint64_t mark = 0;
    std::uint32_t count = 0;  // messages
    bool is_in_turn = true;
    model::LogPosition until = 0;  // as in model::Delivered

    bool covers(const model::PendingMessage& message) const {
      return conversation == message.conversation && first <= message.seq && message.seq <= last &&
             (until == 0 || message.position <= until);
    }
  };

  model::Seq last_sent(model::ConversationId conversation) const;
  void acknowledge_sent(model::ConversationId conversation, model::Seq seq);

  void note(const Stretch& stretch);

  std::vector<Stretch> in_flight_;     // marks ascend
  std::vector<Stretch> acknowledged_;  // of one conversation and turn mostly merged
  std::vector<Stretch> writing_;
  std::vector<Stretch> written_;
};

}  // namespace qn::gateway
