#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.h"
#include "model/person.h"

namespace qn::model {

// The conversation a message belongs to: its place in table conversation.
using ConversationId = Id<struct ConversationTag>;

// A message's number in its conversation: dense, from 1.
using Seq = std::int64_t;

// A message's place in the whole log: grows with every commit.
using LogPosition = std::int64_t;

// Names a conversation by what it is about (docs/ARCHITECTURE.md, "The log").
struct ConversationKey {
  enum class Kind { kSingle, kGroup, kNotice };
  Kind kind = Kind::kSingle;
  std::int64_t low = 0;
  std::int64_t high = 0;

  friend bool operator==(const ConversationKey&, const ConversationKey&) = default;
  static ConversationKey single(UserId a, UserId b) {
    return {Kind::kSingle, std::min(a.value, b.value), std::max(a.value, b.value)};
  }
  static ConversationKey group(GroupId group) { return {Kind::kGroup, group.value, 0}; }
  // What one user is told outside of conversations.
  static ConversationKey notice(UserId user) { return {Kind::kNotice, user.value, 0}; }
};

// A message that has just become durable, on its way to those who are online.
struct LoggedMessage {
  LogPosition position = 0;
  ConversationId conversation;
  Seq seq = 0;
  UserId hidden_from;                                  // does not get it; none: everybody does
  std::string body;                                    // the message object, JSON
  std::shared_ptr<const std::vector<UserId>> members;  // shared by messages of one group
};

// One message that a user has not received.
struct PendingMessage {
  LogPosition position = 0;
  ConversationId conversation;
  Seq seq = 0;
};

// The end of a conversation as somebody who missed messages finds it.
struct ConversationEnd {
  ConversationId conversation;
  Seq last_seq = 0;
};

// What one user has missed, oldest first.
struct Backlog {
  std::vector<PendingMessage> messages;
  // Of the conversations in `messages` in which nothing is missing behind them.
  std::vector<ConversationEnd> ends;
  bool is_complete = true;  // nothing is missing behind the last one
  LogPosition horizon = 0;  // end of the log then: later messages are beyond it
};

// A stretch of one conversation that has arrived at a user.
struct Delivered {
  ConversationId conversation;
  UserId user;
  Seq first = 0;
  Seq last = 0;
  bool is_in_turn = true;  // nothing before `first` is missing
  // Only as far as the log went at this position; 0: no limit. For what a client
  // says of its own accord, which may be more than it has been sent.
  LogPosition until = 0;
};

// What the gateway must know of somebody who connects.
struct Arrival {
  Person person;
  bool has_groups = false;
  bool has_friends = false;
  bool has_backlog = false;
  LogPosition horizon = 0;  // as in Backlog
};

}  // namespace qn::model
