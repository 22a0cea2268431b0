#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "store/sql/log_test_fixture.h"

namespace qn::store {
namespace {

using model::ConversationId;
using model::Seq;
using test::ConversationKey;
using Names = std::vector<std::string>;

// Who is owed which message, kept message by message.
class Model {
 public:
  struct Entry {
    std::string body;
    int conversation = 0;
    Seq seq = 0;
  };

  void append(int conversation, const std::string& body, const std::set<std::int64_t>& to) {
    const Seq seq = ++last_seq_[conversation];
    for (const auto user : to) owed_[user].push_back({body, conversation, seq});
  }
  void arrived(std::int64_t user, int conversation, Seq first, Seq last) {
    std::erase_if(owed_[user], [&](const Entry& entry) {
      return entry.conversation == conversation && entry.seq >= first && entry.seq <= last;
    });
  }
  const std::vector<Entry>& owed(std::int64_t user) { return owed_[user]; }
  Seq last_seq(int conversation) { return last_seq_[conversation]; }

 private:
  std::map<std::int64_t, std::vector<Entry>> owed_;
  std::map<int, Seq> last_seq_;
};

constexpr int kGroups = 2;
constexpr int kNotices = 100;  // conversations of the model: groups, notices, pairs
constexpr int kPairs = 200;

class MessageLogPropertyTest : public test::LogTest, public testing::WithParamInterface<unsigned> {
 protected:
  MessageLogPropertyTest() : random_(GetParam()) {
    for (const char* name : {"alice", "bob", "carol", "dave"}) users_.push_back(create(name));
    for (int i = 0; i < kGroups; ++i) {
      groups_.push_back(make_group({users_[0]}));
      members_.push_back({users_[0].value});
    }
  }

  int pick(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  UserId any_user() { return users_[static_cast<std::size_t>(pick(4))]; }

  void say_something() {
    const std::string body = std::to_string(++said_);
    const UserId from = any_user();
    if (const int kind = pick(5); kind == 0) {
      tell(ConversationKey::notice(from), body);
      model_.append(kNotices + static_cast<int>(from.value), body, {from.value});
    } else if (kind < 3) {
      const UserId to = any_user();
      ASSERT_TRUE(send(from, to, body));
      model_.append(pair(from, to), body, {to.value});
    } else {
      say_in_group(pick(kGroups), from, body);
    }
  }
  void say_in_group(int i, UserId from, const std::string& body) {
    auto to = members_[static_cast<std::size_t>(i)];
    const auto group = groups_[static_cast<std::size_t>(i)];
    if (pick(4) == 0) {
      tell(ConversationKey::group(group), body);
    } else {
      ASSERT_TRUE(send(from, group, body));
      to.erase(from.value);
    }
    model_.append(i, body, to);
    EXPECT_EQ(announced_.back().members->size(), members_[static_cast<std::size_t>(i)].size());
  }

  void come_or_go() {
    const int i = pick(kGroups);
    const UserId user = any_user();
    auto& members = members_[static_cast<std::size_t>(i)];
    const auto group = groups_[static_cast<std::size_t>(i)];
    if (members.erase(user.value) > 0) {
      leave(group, user);
    } else {
      join(group, user);
      members.insert(user.value);
    }
  }

  // Everything up to one of the messages that are missing in a conversation, as a
  // session does that catches up.
  void arrive_in_turn() {
    const UserId user = any_user();
    const auto found = backlog(user, 1 + pick(8));
    if (found.messages.empty()) return;
    const auto& one = found.messages[static_cast<std::size_t>(pick(size_of(found.messages)))];
    arrived(user, one.conversation, one.seq);
    forget(user, one.conversation, 1, one.seq);
    if (!found.is_complete || pick(2) == 0) return;
    for (const auto& end : found.ends) {
      arrived(user, end.conversation, end.last_seq);
      forget(user, end.conversation, 1, end.last_seq);
    }
  }
  void arrive_out_of_turn() {
    const UserId user = any_user();
    const auto found = backlog(user);
    if (found.messages.empty()) return;
    const auto& one = found.messages[static_cast<std::size_t>(pick(size_of(found.messages)))];
    const Seq last = one.seq + pick(3);
    arrived_ahead(user, one.conversation, one.seq, last);
    forget(user, one.conversation, one.seq, last);
  }
  // The model ends where the conversation does: later messages are not delivered.
  void forget(UserId user, ConversationId conversation, Seq first, Seq last) {
    for (int i = 0; i < 1'000; ++i) {
      if (model_.last_seq(i) == 0 || id_of(i) != conversation) continue;
      model_.arrived(user.value, i, first, last);
    }
  }

  int pair(UserId a, UserId b) const {
    const auto key = ConversationKey::single(a, b);
    return kPairs + static_cast<int>(key.low * 10 + key.high);
  }
  ConversationId id_of(int i) {
    auto& known = ids_[i];
    if (known) return known;
    if (i < kGroups) {
      known = conversation(ConversationKey::group(groups_[static_cast<std::size_t>(i)]));
    } else if (i < kPairs) {
      known = conversation(ConversationKey::notice(UserId(i - kNotices)));
    } else {
      known = conversation(
          ConversationKey::single(UserId((i - kPairs) / 10), UserId((i - kPairs) % 10)));
    }
    return known;
  }
  template <class T>
  static int size_of(const std::vector<T>& items) {
    return static_cast<int>(items.size());
  }

  void compare() {
    for (const UserId user : users_) {
      Names expected;
      for (const auto& entry : model_.owed(user.value)) expected.push_back(entry.body);
      const auto found = backlog(user);
      ASSERT_EQ(bodies(found), expected) << "user " << user.value << " after " << steps_;
      auto arrival = test::run(log_->find_arrival(user, test::soon()));
      ASSERT_EQ((*arrival)->has_backlog, !expected.empty());
      const int limit = 1 + pick(10);
      expected.resize(std::min(expected.size(), static_cast<std::size_t>(limit)));
      ASSERT_EQ(missed(user, limit), expected);
    }
  }

  std::mt19937 random_;
  Model model_;
  std::vector<UserId> users_;
  std::vector<GroupId> groups_;
  std::vector<std::set<std::int64_t>> members_;
  std::map<int, ConversationId> ids_;
  int said_ = 0;
  int steps_ = 0;
};

TEST_P(MessageLogPropertyTest, EveryoneIsOwedWhatTheNaiveModelSays) {
  for (steps_ = 0; steps_ < 150; ++steps_) {
    const int what = pick(10);
    if (what < 5) {
      say_something();
    } else if (what < 7) {
      come_or_go();
    } else if (what < 8) {
      arrive_in_turn();
    } else {
      arrive_out_of_turn();
    }
    if (steps_ % 3 == 0) compare();
    if (HasFatalFailure()) return;
  }
  compare();
  EXPECT_EQ(number("SELECT count(*) FROM delivered_ahead JOIN member USING (conversation_id, "
                   "user_id) WHERE first_seq <= delivered_seq OR last_seq < first_seq"),
            0);
  EXPECT_EQ(number("SELECT count(*) FROM member JOIN conversation ON id = conversation_id WHERE "
                   "delivered_seq < joined_seq OR delivered_seq > last_seq"),
            0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, MessageLogPropertyTest, testing::Range(1u, 9u));

}  // namespace
}  // namespace qn::store
