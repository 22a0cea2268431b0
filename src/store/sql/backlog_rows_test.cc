#include "store/sql/backlog_rows.h"

#include <limits>
#include <optional>

#include "store/sql/log_test_fixture.h"

namespace qn::store {
namespace {

using model::Seq;
using test::ConversationKey;
using test::run;
using test::soon;
using Names = std::vector<std::string>;

class BacklogTest : public test::LogTest {
 protected:
  BacklogTest() : alice_(create("alice")), bob_(create("bob")), carol_(create("carol")) {}

  model::ConversationId with(UserId other) {
    return conversation(ConversationKey::single(alice_, other));
  }
  std::optional<model::Arrival> arrival(UserId user) {
    auto found = run(log_->find_arrival(user, soon()));
    EXPECT_TRUE(found);
    return found ? *found : std::nullopt;
  }
  std::int64_t cursor(UserId user) {
    return number("SELECT delivered_seq FROM member WHERE user_id = " + id(user));
  }
  std::int64_t ahead() { return number("SELECT count(*) FROM delivered_ahead"); }
  std::string plan_of(const std::string& sql) {
    std::string plan;
    Database::Job job = [&](Connection& c) {
      return c.query("EXPLAIN QUERY PLAN " + sql, {},
                     [&](const Row& row) { plan.append(row.text(3)).append("\n"); });
    };
    EXPECT_TRUE(run(db_->read(std::move(job), soon())));
    return plan;
  }

  const UserId alice_;
  const UserId bob_;
  const UserId carol_;
};

TEST_F(BacklogTest, NothingIsMissing) {
  const auto found = backlog(alice_);
  EXPECT_TRUE(found.messages.empty());
  EXPECT_TRUE(found.ends.empty());
  EXPECT_TRUE(found.is_complete);
  EXPECT_EQ(found.horizon, 0);
}

TEST_F(BacklogTest, OldestFirstAcrossConversations) {
  ASSERT_TRUE(send(bob_, alice_, "1"));
  ASSERT_TRUE(send(carol_, alice_, "2"));
  ASSERT_TRUE(send(bob_, alice_, "3"));
  tell(ConversationKey::notice(alice_), "4");
  ASSERT_TRUE(send(bob_, carol_, "not hers"));
  ASSERT_TRUE(send(alice_, carol_, "5, her own"));
  EXPECT_EQ(missed(alice_), (Names{"1", "2", "3", "4"}));
  const auto found = backlog(alice_);
  EXPECT_EQ(found.horizon, number("SELECT max(id) FROM message"));
  ASSERT_EQ(found.ends.size(), 3u);
  EXPECT_EQ(found.ends[0].conversation, with(bob_));
  EXPECT_EQ(found.ends[0].last_seq, 2);
  EXPECT_EQ(found.ends[1].last_seq, 2) << "with the one she sent herself";
}

TEST_F(BacklogTest, ALimitCutsOffTheNewest) {
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(send(bob_, alice_, std::to_string(i)));
  ASSERT_TRUE(send(carol_, alice_, "5"));
  EXPECT_EQ(missed(alice_, 3), (Names{"1", "2", "3"}));
  EXPECT_FALSE(backlog(alice_, 3).is_complete);
  EXPECT_TRUE(backlog(alice_, 3).ends.empty()) << "the conversation goes on";
  const auto four = backlog(alice_, 4);
  EXPECT_FALSE(four.is_complete);
  ASSERT_EQ(four.ends.size(), 1u) << "bob's is all there";
  EXPECT_EQ(four.ends[0].conversation, with(bob_));
  EXPECT_TRUE(backlog(alice_, 5).is_complete);
}

TEST_F(BacklogTest, LongConversationsAreReadInPieces) {
  std::vector<Addressed> messages;
  Names expected;
  for (int i = 0; i < 3'000; ++i) {
    const UserId from = i % 7 == 0 ? carol_ : bob_;
    expected.push_back(std::to_string(i));
    messages.push_back({ConversationKey::single(alice_, from), test::line(from, expected.back())});
  }
  ASSERT_TRUE(run(log_->append(messages, soon())));
  EXPECT_EQ(missed(alice_, 10'000), expected);
  expected.resize(1'000);
  EXPECT_EQ(missed(alice_, 1'000), expected);
}

TEST_F(BacklogTest, WhatHasArrivedIsNotMissing) {
  for (int i = 1; i <= 5; ++i) ASSERT_TRUE(send(bob_, alice_, std::to_string(i)));
  arrived(alice_, with(bob_), 2);
  EXPECT_EQ(missed(alice_), (Names{"3", "4", "5"}));
  arrived(alice_, with(bob_), 1);
  EXPECT_EQ(missed(alice_), (Names{"3", "4", "5"})) << "cursors never go back";
  arrived(alice_, with(bob_), 5);
  EXPECT_TRUE(missed(alice_).empty());
}

// A client acknowledged what it had never been sent, and lost the next message.
TEST_F(BacklogTest, WhatAClientSaysCountsOnlyAsFarAsTheLogWentThen) {
  ASSERT_TRUE(send(bob_, alice_, "1"));
  ASSERT_TRUE(send(bob_, alice_, "2"));
  const auto then = run(log_->find_backlog(alice_, 10, soon()))->horizon;
  ASSERT_TRUE(send(bob_, alice_, "3"));
  const model::Delivered said{
      .conversation = with(bob_), .user = alice_, .first = 0, .last = 1'000, .until = then};
  ASSERT_TRUE(run(log_->note_delivered({said}, soon())));
  EXPECT_EQ(missed(alice_), Names{"3"});
  EXPECT_EQ(cursor(alice_), 2);
}

TEST_F(BacklogTest, WhatCameOutOfTurnIsSkipped) {
  for (int i = 1; i <= 9; ++i) ASSERT_TRUE(send(bob_, alice_, std::to_string(i)));
  arrived_ahead(alice_, with(bob_), 3, 4);
  arrived_ahead(alice_, with(bob_), 7, 7);
  EXPECT_EQ(missed(alice_), (Names{"1", "2", "5", "6", "8", "9"}));
  arrived_ahead(alice_, with(bob_), 5, 6);
  EXPECT_EQ(ahead(), 1) << "they touch";
  arrived_ahead(alice_, with(bob_), 4, 8);
  EXPECT_EQ(ahead(), 1);
  EXPECT_EQ(missed(alice_), (Names{"1", "2", "9"}));
  arrived(alice_, with(bob_), 2);
  EXPECT_EQ(ahead(), 0);
  EXPECT_EQ(cursor(alice_), 8);
  EXPECT_EQ(missed(alice_), Names{"9"});
  arrived_ahead(alice_, with(bob_), 3, 8);
  EXPECT_EQ(ahead(), 0) << "the cursor is beyond it";
}

TEST_F(BacklogTest, OnesOwnMessagesAreNoGap) {
  ASSERT_TRUE(send(bob_, alice_, "1"));
  for (int i = 2; i <= 21; ++i) {
    if (i % 2 == 0) {
      ASSERT_TRUE(send(alice_, bob_, "own"));
    } else {
      ASSERT_TRUE(send(bob_, alice_, "x"));
      arrived_ahead(alice_, with(bob_), i, i);
    }
  }
  EXPECT_EQ(ahead(), 1);
  EXPECT_EQ(missed(alice_), Names{"1"});
  arrived(alice_, with(bob_), 2);
  EXPECT_EQ(cursor(alice_), 21);
  ASSERT_TRUE(send(bob_, alice_, "22"));
  arrived_ahead(alice_, with(bob_), 22, 22);
  EXPECT_EQ(cursor(alice_), 22) << "nothing before it is missing";
}

TEST_F(BacklogTest, AcknowledgementsOfWhatIsNotThere) {
  ASSERT_TRUE(send(bob_, alice_, "1"));
  arrived(alice_, with(bob_), std::numeric_limits<Seq>::max());
  EXPECT_EQ(cursor(alice_), 1);
  arrived_ahead(alice_, with(bob_), 5, std::numeric_limits<Seq>::max());
  arrived_ahead(alice_, with(bob_), 3, 2);
  EXPECT_EQ(ahead(), 0);
  ASSERT_TRUE(send(bob_, alice_, "2"));
  arrived(carol_, with(bob_), 2);
  arrived_ahead(carol_, with(bob_), 2, 2);
  arrived(alice_, model::ConversationId(99), 2);
  arrived_ahead(alice_, model::ConversationId(99), 2, 2);
  EXPECT_EQ(missed(alice_), Names{"2"});
}

TEST_F(BacklogTest, WhoJoinsSeesWhatComesAndWhoLeavesWhatWas) {
  const GroupId group = make_group({alice_, bob_});
  ASSERT_TRUE(send(alice_, group, "1"));
  join(group, carol_);
  ASSERT_TRUE(send(alice_, group, "2"));
  leave(group, bob_);
  ASSERT_TRUE(send(alice_, group, "3"));
  EXPECT_EQ(missed(bob_), (Names{"1", "2"}));
  EXPECT_EQ(backlog(bob_).ends[0].last_seq, 2);
  EXPECT_EQ(missed(carol_), (Names{"2", "3"}));
}

TEST_F(BacklogTest, WhoRejoinsMissesTheTimeBetweenButNothingElse) {
  const GroupId group = make_group({alice_, bob_, carol_});
  const auto id_of_group = [&] { return conversation(ConversationKey::group(group)); };
  ASSERT_TRUE(send(alice_, group, "1"));
  arrived(carol_, id_of_group(), 1);
  leave(group, bob_);
  leave(group, carol_);
  ASSERT_TRUE(send(alice_, group, "2"));
  join(group, bob_);
  join(group, carol_);
  ASSERT_TRUE(send(alice_, group, "3"));
  EXPECT_EQ(missed(bob_), (Names{"1", "3"}));
  EXPECT_EQ(missed(carol_), Names{"3"});
  leave(group, bob_);
  join(group, bob_);
  ASSERT_TRUE(send(alice_, group, "4"));
  EXPECT_EQ(missed(bob_), (Names{"1", "3", "4"}));
  arrived(bob_, id_of_group(), 1);
  EXPECT_EQ(missed(bob_), (Names{"3", "4"}));
  EXPECT_EQ(ahead(), 0);
}

TEST_F(BacklogTest, MembershipsOfAnyStatusAndWholeGroups) {
  const GroupId group = make_group({alice_, bob_});
  ASSERT_TRUE(send(alice_, group, "1"));
  const auto version = [&] { return number("SELECT members_version FROM conversation"); };
  const auto before = version();
  sync(group, bob_);
  sync_all(group);
  EXPECT_EQ(version(), before) << "nothing has changed";
  must("UPDATE group_user SET status = 0 WHERE user_id = " + id(bob_));
  must("INSERT INTO group_user (group_id, user_id, create_time, update_time) VALUES (" + id(group) +
       ", " + id(carol_) + ", 0, 0)");
  sync_all(group);
  EXPECT_GT(version(), before);
  ASSERT_TRUE(send(alice_, group, "2"));
  EXPECT_EQ(missed(bob_), Names{"1"});
  EXPECT_EQ(missed(carol_), Names{"2"});
  must("UPDATE group_user SET status = 1 WHERE user_id = " + id(bob_));
  sync_all(group);
  ASSERT_TRUE(send(alice_, group, "3"));
  must("DELETE FROM \"group\"");
  sync_all(group);
  EXPECT_EQ(missed(bob_), (Names{"1", "3"})) << "what was said is still delivered";
  EXPECT_EQ(number("SELECT count(*) FROM member WHERE left_seq IS NULL"), 0);
}

TEST_F(BacklogTest, AGroupThatHasNotSpokenTakesItsMembersLater) {
  const GroupId group = make_group({alice_, bob_});
  EXPECT_EQ(number("SELECT count(*) FROM conversation"), 0);
  leave(group, bob_);
  tell(ConversationKey::group(group), "1");
  EXPECT_EQ(missed(alice_), Names{"1"});
  EXPECT_TRUE(missed(bob_).empty());
}

TEST_F(BacklogTest, WhoArrives) {
  ASSERT_TRUE(send(bob_, carol_, "x"));
  const auto plain = arrival(alice_);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->person.username, "alice");
  EXPECT_FALSE(plain->has_groups || plain->has_friends || plain->has_backlog);
  EXPECT_EQ(plain->horizon, 1);
  befriend(alice_, bob_, "", 1, 1);
  befriend(alice_, carol_, "", 0, 0);
  make_group({alice_, bob_});
  must("UPDATE \"group\" SET status = 0");
  EXPECT_FALSE(arrival(alice_)->has_friends || arrival(alice_)->has_groups);
  befriend(bob_, alice_);
  must("UPDATE \"group\" SET status = 1");
  EXPECT_TRUE(arrival(bob_)->has_friends && arrival(bob_)->has_groups);
  must("UPDATE group_user SET status = 2");
  EXPECT_FALSE(arrival(bob_)->has_groups);
}

TEST_F(BacklogTest, WhoArrivesLearnsWhetherAnythingIsMissing) {
  const GroupId group = make_group({alice_, bob_});
  ASSERT_TRUE(send(alice_, bob_, "own"));
  EXPECT_FALSE(arrival(alice_)->has_backlog);
  ASSERT_TRUE(send(bob_, alice_, "2"));
  ASSERT_TRUE(send(alice_, bob_, "own again"));
  EXPECT_TRUE(arrival(alice_)->has_backlog);
  arrived(alice_, with(bob_), 2);
  EXPECT_FALSE(arrival(alice_)->has_backlog);
  tell(ConversationKey::group(group), "1");
  tell(ConversationKey::group(group), "2");
  arrived_ahead(alice_, conversation(ConversationKey::group(group)), 2, 2);
  EXPECT_TRUE(arrival(alice_)->has_backlog);
  must("UPDATE member SET left_seq = 0 WHERE conversation_id = " +
       id(conversation(ConversationKey::group(group))));
  EXPECT_FALSE(arrival(alice_)->has_backlog);
}

TEST_F(BacklogTest, WhoMayNotActDoesNotArrive) {
  EXPECT_FALSE(arrival(UserId(99)));
  set_status(alice_, model::UserStatus::kDisabled, 1);
  EXPECT_FALSE(arrival(alice_));
  remove(bob_, 1);
  EXPECT_FALSE(arrival(bob_));
}

TEST_F(BacklogTest, OnlyTheIndexIsRead) {
  EXPECT_EQ(plan_of("SELECT id, seq FROM message WHERE conversation_id = 1 AND seq >= 2 AND "
                    "seq <= 3 AND hidden_from <> 4 ORDER BY seq LIMIT 5"),
            "SEARCH message USING COVERING INDEX message_log "
            "(conversation_id=? AND seq>? AND seq<?)\n");
}

TEST_F(BacklogTest, WhatItCosts) {
  const GroupId group = make_group({alice_, bob_});
  ASSERT_TRUE(send(bob_, alice_, "1"));
  ASSERT_TRUE(send(carol_, alice_, "2"));
  ASSERT_TRUE(send(alice_, group, "her own"));
  forget_cost();
  backlog(alice_);
  expect_cost(0, 4);  // horizon, conversations, one for each of two
  backlog(bob_);
  expect_cost(0, 3);
  EXPECT_TRUE(arrival(alice_));
  expect_cost(0, 1);
  arrived(alice_, with(bob_), 1);
  forget_cost();
  backlog(alice_);
  expect_cost(0, 3);
  arrived(alice_, with(carol_), 1);
  backlog(alice_);
  expect_cost(2, 2);
  ASSERT_TRUE(send(bob_, alice_, "3"));
  ASSERT_TRUE(send(bob_, alice_, "4"));
  forget_cost();
  arrived_ahead(alice_, with(bob_), 3, 3);
  expect_cost(5, 0);
}

}  // namespace
}  // namespace qn::store
