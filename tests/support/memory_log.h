#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/message_log.h"

namespace qn::test {

// A message log in memory, of conversations with fixed members; only what the
// gateway asks of it. Any thread.
class MemoryLog final : public store::MessageLog {
 public:
  // Appends; the result is what the database announces.
  model::LoggedMessage say(std::int64_t conversation, std::vector<UserId> members,
                           UserId hidden_from = {}) {
    const std::lock_guard lock(mu_);
    model::LoggedMessage m;
    m.position = static_cast<model::LogPosition>(log_.size() + 1);
    m.conversation = model::ConversationId(conversation);
    m.seq = ++last_seq_[conversation];
    m.hidden_from = hidden_from;
    m.body = std::to_string(m.position);
    m.members = std::make_shared<const std::vector<UserId>>(std::move(members));
    log_.push_back(m);
    return m;
  }
  // The next questions fail.
  void fail(int questions) {
    const std::lock_guard lock(mu_);
    failures_ = questions;
  }
  model::Seq delivered(UserId user, std::int64_t conversation) {
    const std::lock_guard lock(mu_);
    return cursors_[{user.value, conversation}];
  }

  Task<Result<std::optional<model::Arrival>>> find_arrival(UserId user, Deadline) override {
    const std::lock_guard lock(mu_);
    if (must_fail()) co_return unavailable("test");
    model::Arrival arrival;
    arrival.person.id = user;
    arrival.person.username = "user" + std::to_string(user.value);
    arrival.has_backlog = !missing(user, 1).messages.empty();
    arrival.horizon = static_cast<model::LogPosition>(log_.size());
    co_return std::optional(std::move(arrival));
  }
  Task<Result<model::Backlog>> find_backlog(UserId user, int limit, Deadline) override {
    const std::lock_guard lock(mu_);
    if (must_fail()) co_return unavailable("test");
    co_return missing(user, limit);
  }
  Task<Result<std::vector<std::string>>> read(std::vector<model::LogPosition> positions,
                                              Deadline) override {
    const std::lock_guard lock(mu_);
    if (must_fail()) co_return unavailable("test");
    std::vector<std::string> bodies;
    for (const auto p : positions) bodies.push_back(log_[static_cast<std::size_t>(p - 1)].body);
    co_return std::move(bodies);
  }
  Task<Result<void>> note_delivered(std::vector<model::Delivered> deliveries, Deadline) override {
    const std::lock_guard lock(mu_);
    if (must_fail()) co_return unavailable("test");
    for (const auto& d : deliveries) {
      auto& cursor = cursors_[{d.user.value, d.conversation.value}];
      if (d.is_in_turn) cursor = std::max(cursor, d.last);
    }
    co_return Result<void>();
  }

  // Not the gateway's business.
  Task<Result<Sent>> append_single(UserId, UserId, std::string, Rule<store::SingleFacts>,
                                   Deadline) override {
    co_return internal_error("unused");
  }
  Task<Result<Sent>> append_group(UserId, GroupId, std::string, Rule<store::GroupFacts>,
                                  Deadline) override {
    co_return internal_error("unused");
  }
  Task<Result<void>> append(std::vector<store::Addressed>, Deadline) override {
    co_return internal_error("unused");
  }
  Task<Result<Sent>> recall(std::string, UserId, Rule<store::RecallFacts>, Deadline) override {
    co_return internal_error("unused");
  }

 private:
  bool must_fail() { return failures_ > 0 && failures_-- > 0; }
  model::Backlog missing(UserId user, int limit) {
    model::Backlog backlog;
    backlog.horizon = static_cast<model::LogPosition>(log_.size());
    std::set<std::int64_t> seen;
    for (const auto& m : log_) {
      const bool is_member =
          std::find(m.members->begin(), m.members->end(), user) != m.members->end();
      if (!is_member || m.hidden_from == user) continue;
      if (m.seq <= cursors_[{user.value, m.conversation.value}]) continue;
      if (static_cast<int>(backlog.messages.size()) == limit) {
        backlog.is_complete = false;
        break;
      }
      backlog.messages.push_back({m.position, m.conversation, m.seq});
      seen.insert(m.conversation.value);
    }
    for (const auto id : seen) {
      backlog.ends.push_back({model::ConversationId(id), last_seq_[id]});
    }
    return backlog;
  }

  std::mutex mu_;
  std::vector<model::LoggedMessage> log_;
  std::map<std::int64_t, model::Seq> last_seq_;
  std::map<std::pair<std::int64_t, std::int64_t>, model::Seq> cursors_;
  int failures_ = 0;
};

}  // namespace qn::test
