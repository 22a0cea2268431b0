#include <algorithm>
#include <atomic>
#include <thread>

#include "store/sql/log_test_fixture.h"

namespace qn::store {
namespace {

using model::Seq;
using test::at;
using test::failure;
using test::line;
using test::run;
using test::soon;
using Sends = test::Together<Result<MessageLog::Sent>>;
using Names = std::vector<std::string>;

class MessageLogTest : public test::LogTest {
 protected:
  MessageLogTest() : alice_(create("alice")), bob_(create("bob")), carol_(create("carol")) {}

  // The facts a rule gets, which then refuses.
  SingleFacts single_facts(UserId from, UserId to) {
    SingleFacts seen;
    MessageLog::Rule<SingleFacts> look = [&](const SingleFacts& facts) -> Result<NewMessage> {
      seen = facts;
      return refused("looked");
    };
    EXPECT_EQ(failure(run(log_->append_single(from, to, "", look, soon()))), ErrorCode::kRefused);
    return seen;
  }
  GroupFacts group_facts(UserId from, GroupId to) {
    GroupFacts seen;
    MessageLog::Rule<GroupFacts> look = [&](const GroupFacts& facts) -> Result<NewMessage> {
      seen = facts;
      return refused("looked");
    };
    EXPECT_EQ(failure(run(log_->append_group(from, to, "", look, soon()))), ErrorCode::kRefused);
    return seen;
  }
  Result<MessageLog::Sent> recall(const std::string& body, UserId caller,
                                  const std::string& recall_body) {
    auto message = test::notice(recall_body);
    message.uuid = "uuid of " + body;
    message.type = "systemNotice";
    message.hidden_from = caller;
    message.created_at = at(500);
    MessageLog::Rule<RecallFacts> rule = [=, this](const RecallFacts& facts) -> Result<NewMessage> {
      recall_facts_ = facts;
      if (facts.sender != caller) return refused("not yours");
      return message;
    };
    return run(log_->recall("uuid of " + body, caller, rule, soon()));
  }
  std::vector<Seq> announced_seqs() const {
    std::vector<Seq> seqs;
    for (const auto& message : announced_) seqs.push_back(message.seq);
    return seqs;
  }

  const UserId alice_;
  const UserId bob_;
  const UserId carol_;
  RecallFacts recall_facts_;
};

TEST_F(MessageLogTest, AMessageIsAnnouncedOnceItIsCommitted) {
  const auto sent = send(alice_, bob_, "hello");
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->body, "hello");
  EXPECT_FALSE(sent->is_repeat);
  ASSERT_EQ(announced_.size(), 1u);
  const auto& told = announced_[0];
  EXPECT_EQ(told.body, "hello");
  EXPECT_EQ(told.seq, 1);
  EXPECT_EQ(told.position, number("SELECT id FROM message"));
  EXPECT_EQ(told.conversation.value, number("SELECT id FROM conversation"));
  EXPECT_EQ(told.hidden_from, alice_);
  EXPECT_EQ(*told.members, (std::vector<UserId>{alice_, bob_}));
}

TEST_F(MessageLogTest, BothDirectionsAreOneConversation) {
  ASSERT_TRUE(send(alice_, bob_, "a"));
  ASSERT_TRUE(send(bob_, alice_, "b"));
  ASSERT_TRUE(send(alice_, bob_, "c"));
  EXPECT_EQ(announced_seqs(), (std::vector<Seq>{1, 2, 3}));
  EXPECT_EQ(number("SELECT count(*) FROM conversation"), 1);
  EXPECT_EQ(missed(bob_), (Names{"a", "c"}));
  EXPECT_EQ(missed(alice_), (Names{"b"}));
}

TEST_F(MessageLogTest, WhatIsStoredOfAMessage) {
  auto message = line(alice_, "{\"a\":1}");
  message.text = "the text";
  message.by_stranger = true;
  message.created_at = at(7);
  ASSERT_TRUE(
      run(log_->append_single(alice_, bob_, "retry-1", always<SingleFacts>(message), soon())));
  EXPECT_EQ(
      number("SELECT count(*) FROM message WHERE uuid = 'uuid of {\"a\":1}' AND sender_id = " +
             id(alice_) +
             " AND hidden_from = sender_id AND type = 'text' AND text = "
             "'the text' AND client_msg_id = 'retry-1' AND by_stranger = 1 AND created_at "
             "= 1760000000007 AND recalled_at IS NULL"),
      1);
}

TEST_F(MessageLogTest, ARefusalLeavesNothing) {
  single_facts(alice_, bob_);
  EXPECT_EQ(number("SELECT count(*) FROM conversation"), 0);
  EXPECT_TRUE(announced_.empty());
}

TEST_F(MessageLogTest, FactsAboutTwoPeople) {
  befriend(alice_, bob_, "bobby", 0, 0);
  befriend(bob_, alice_, "", 1, 1);
  must("UPDATE \"user\" SET userset = '{}' WHERE id = " + id(bob_));
  must("UPDATE \"user\" SET muted_until = 77 WHERE id = " + id(alice_));
  const auto facts = single_facts(alice_, bob_);
  EXPECT_EQ(facts.sender.username, "alice");
  EXPECT_EQ(facts.sender_muted_until, time_from_millis(77));
  ASSERT_TRUE(facts.recipient && facts.theirs && facts.mine);
  EXPECT_EQ(facts.recipient->username, "bob");
  EXPECT_EQ(facts.recipient_userset, "{}");
  EXPECT_TRUE(facts.theirs->is_blocked);
  EXPECT_TRUE(facts.theirs->is_normal);
  EXPECT_EQ(facts.mine->remark, "bobby");
  EXPECT_FALSE(facts.mine->is_blocked);
  EXPECT_FALSE(facts.mine->is_normal);
  const auto back = single_facts(bob_, alice_);
  EXPECT_EQ(back.theirs->remark, "bobby");
  EXPECT_FALSE(back.sender_muted_until);
}

TEST_F(MessageLogTest, FactsAboutStrangersAndNobody) {
  const auto facts = single_facts(alice_, carol_);
  EXPECT_FALSE(facts.theirs || facts.mine);
  EXPECT_EQ(facts.recipient->id, carol_);
  EXPECT_FALSE(single_facts(alice_, UserId(999)).recipient);
  EXPECT_EQ(failure(send(UserId(999), alice_, "x")), ErrorCode::kNotFound);
}

TEST_F(MessageLogTest, MessagesOfAStrangerAreCounted) {
  auto stranger = line(alice_, "x");
  stranger.by_stranger = true;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(run(log_->append_single(alice_, bob_, "", always<SingleFacts>(stranger), soon())));
  }
  ASSERT_TRUE(send(alice_, bob_, "as a friend"));
  ASSERT_TRUE(send(bob_, alice_, "answer"));
  tell(test::ConversationKey::single(alice_, bob_), "a notice");
  EXPECT_EQ(single_facts(alice_, bob_).sent_as_stranger, 3);
  EXPECT_EQ(single_facts(bob_, alice_).sent_as_stranger, 0);
  EXPECT_EQ(single_facts(alice_, carol_).sent_as_stranger, 0);
}

TEST_F(MessageLogTest, TheCountOfAStrangerIsFoundInItsIndex) {
  std::string plan;
  Database::Job job = [&](Connection& c) {
    return c.query(
        "EXPLAIN QUERY PLAN SELECT 1 FROM message WHERE by_stranger = 1 AND sender_id = 1 AND "
        "conversation_id = (SELECT id FROM conversation WHERE kind = 'single' AND low = 1 AND "
        "high = 2) LIMIT 100",
        {}, [&](const Row& row) { plan.append(row.text(3)).append("\n"); });
  };
  ASSERT_TRUE(run(db_->read(std::move(job), soon())));
  EXPECT_NE(plan.find("INDEX message_of_stranger (conversation_id=? AND sender_id=?)"),
            std::string::npos)
      << plan;
}

TEST_F(MessageLogTest, OfTwoStrangersSendsAtOnceOnePassesALimitOfOne) {
  MessageLog::Rule<SingleFacts> rule = [&](const SingleFacts& facts) -> Result<NewMessage> {
    if (facts.sent_as_stranger >= 1) return refused("one only");
    auto message = line(alice_, "hi");
    message.by_stranger = true;
    return message;
  };
  hold_writer();
  Sends sends;
  for (int i = 0; i < 2; ++i) sends.start(log_->append_single(alice_, bob_, "", rule, soon()));
  release_writer();
  const auto results = sends.finish();
  EXPECT_EQ(std::ranges::count_if(results, [](const auto& r) { return r.has_value(); }), 1);
  EXPECT_EQ(number("SELECT count(*) FROM message"), 1);
  EXPECT_EQ(announced_.size(), 1u);
}

TEST_F(MessageLogTest, ARetryGivesTheFirstMessageWithoutAskingTheRule) {
  ASSERT_TRUE(send(alice_, bob_, "first", "m1"));
  MessageLog::Rule<SingleFacts> refuse = [](const SingleFacts&) -> Result<NewMessage> {
    ADD_FAILURE() << "asked";
    return refused("no");
  };
  const auto again = run(log_->append_single(alice_, bob_, "m1", refuse, soon()));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->is_repeat);
  EXPECT_EQ(again->body, "first");
  EXPECT_EQ(announced_.size(), 1u);
  EXPECT_TRUE(send(bob_, alice_, "the same name of somebody else", "m1"));
  EXPECT_EQ(failure(send(alice_, carol_, "elsewhere", "m1")), ErrorCode::kConflict);
  const GroupId group = make_group({alice_, bob_});
  EXPECT_EQ(failure(send(alice_, group, "elsewhere", "m1")), ErrorCode::kConflict);
  EXPECT_EQ(number("SELECT count(*) FROM message"), 2);
}

TEST_F(MessageLogTest, RetriesFromManyThreadsAreOneMessage) {
  const GroupId group = make_group({alice_, bob_, carol_});
  std::vector<std::thread> threads;
  std::atomic<int> first{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      const auto single = send(alice_, bob_, "once", "m1");
      const auto grouped = send(alice_, group, "once more", "m2");
      ASSERT_TRUE(single && grouped);
      EXPECT_EQ(single->body, "once");
      EXPECT_EQ(grouped->body, "once more");
      first += (single->is_repeat ? 0 : 1) + (grouped->is_repeat ? 0 : 1);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(first, 2);
  EXPECT_EQ(number("SELECT count(*) FROM message"), 2);
}

TEST_F(MessageLogTest, OnesOwnMessagesAreNoBacklogForOneself) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(send(alice_, bob_, "x"));
  EXPECT_EQ(number("SELECT delivered_seq FROM member WHERE user_id = " + id(alice_)), 3);
  EXPECT_EQ(number("SELECT delivered_seq FROM member WHERE user_id = " + id(bob_)), 0);
  ASSERT_TRUE(send(bob_, alice_, "y"));
  ASSERT_TRUE(send(alice_, bob_, "z"));
  EXPECT_EQ(number("SELECT delivered_seq FROM member WHERE user_id = " + id(alice_)), 3)
      << "y is missing";
}

TEST_F(MessageLogTest, ANoteToOneselfArrives) {
  ASSERT_TRUE(send(alice_, alice_, "note"));
  EXPECT_EQ(*announced_[0].members, std::vector<UserId>{alice_});
  EXPECT_EQ(missed(alice_), Names{"note"});
  EXPECT_EQ(number("SELECT count(*) FROM member"), 1);
}

TEST_F(MessageLogTest, AGroupsMessageIsStoredOnceAndToldToItsMembers) {
  const GroupId group = make_group({alice_, bob_, carol_});
  ASSERT_TRUE(send(alice_, group, "all"));
  ASSERT_EQ(announced_.size(), 1u);
  auto told = *announced_[0].members;
  std::ranges::sort(told);
  EXPECT_EQ(told, (std::vector<UserId>{alice_, bob_, carol_}));
  EXPECT_EQ(missed(bob_), Names{"all"});
  EXPECT_EQ(missed(carol_), Names{"all"});
  EXPECT_TRUE(missed(alice_).empty());
  EXPECT_EQ(failure(send(alice_, GroupId(999), "x")), ErrorCode::kNotFound);
}

TEST_F(MessageLogTest, MessagesOfOneGroupShareTheListUntilItChanges) {
  const GroupId group = make_group({alice_, bob_});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(send(alice_, group, "x"));
  EXPECT_EQ(announced_[1].members, announced_[2].members);
  join(group, carol_);
  ASSERT_TRUE(send(alice_, group, "y"));
  EXPECT_EQ(announced_[3].members->size(), 3u);
  leave(group, bob_);
  ASSERT_TRUE(send(alice_, group, "z"));
  EXPECT_EQ(*announced_[4].members, (std::vector<UserId>{alice_, carol_}));
}

TEST_F(MessageLogTest, AMembershipThatIsUndoneIsNotRemembered) {
  const GroupId group = make_group({alice_, bob_});
  ASSERT_TRUE(send(alice_, group, "x"));
  const auto add = [&](UserId user, bool fail) {
    Database::Job job = [=](Connection& c) -> Result<void> {
      const Param params[] = {group.value, user.value};
      CHECK_OK(
          c.execute("INSERT INTO group_user (group_id, user_id, create_time, update_time) "
                    "VALUES ($1, $2, 0, 0)",
                    params));
      CHECK_OK(sync_member(c, group, user));
      const std::vector<Addressed> told = {
          {test::ConversationKey::group(group), test::notice("somebody came")}};
      CHECK_OK(append_messages(c, told));
      if (fail) return refused("after all");
      return {};
    };
    return run(db_->write(std::move(job), soon()));
  };
  EXPECT_FALSE(add(carol_, true));
  EXPECT_EQ(announced_.size(), 1u);
  const UserId dave = create("dave");
  EXPECT_TRUE(add(dave, false));
  ASSERT_TRUE(send(alice_, group, "y"));
  EXPECT_EQ(*announced_.back().members, (std::vector<UserId>{alice_, bob_, dave}));
}

TEST_F(MessageLogTest, FactsAboutAGroup) {
  const GroupId group = make_group({alice_, bob_});
  must("UPDATE group_user SET muted_until = 55, nickname = 'al' WHERE user_id = " + id(alice_));
  must("UPDATE \"user\" SET muted_until = 66 WHERE id = " + id(alice_));
  const auto facts = group_facts(alice_, group);
  EXPECT_EQ(facts.place.group.name, "club");
  EXPECT_EQ(facts.place.name(), "al");
  EXPECT_TRUE(facts.place.is_owner() && facts.place.is_member());
  EXPECT_EQ(facts.member_muted_until, time_from_millis(55));
  EXPECT_EQ(facts.sender_muted_until, time_from_millis(66));
  const auto outside = group_facts(carol_, group);
  EXPECT_FALSE(outside.place.member);
  EXPECT_FALSE(outside.member_muted_until || outside.sender_muted_until);
}

TEST_F(MessageLogTest, SeveralAtOnceKeepTheirOrder) {
  const GroupId group = make_group({alice_, bob_});
  ASSERT_TRUE(run(log_->append({{test::ConversationKey::notice(bob_), test::notice("1")},
                                {test::ConversationKey::group(group), test::notice("2")},
                                {test::ConversationKey::single(alice_, bob_), line(alice_, "3")},
                                {test::ConversationKey::group(group), test::notice("4")}},
                               soon())));
  EXPECT_EQ(missed(bob_), (Names{"1", "2", "3", "4"}));
  EXPECT_EQ(missed(alice_), (Names{"2", "4"}));
  ASSERT_EQ(announced_.size(), 4u);
  EXPECT_EQ(*announced_[0].members, std::vector<UserId>{bob_});
  EXPECT_EQ(announced_[1].members, announced_[3].members) << "read once";
}

TEST_F(MessageLogTest, ARecallMarksTheMessageAndIsToldToTheOthers) {
  befriend(alice_, bob_, "bobby");
  ASSERT_TRUE(send(alice_, bob_, "oops"));
  const auto done = recall("oops", alice_, "recalled");
  ASSERT_TRUE(done);
  EXPECT_EQ(done->body, "recalled");
  EXPECT_FALSE(done->is_repeat);
  EXPECT_EQ(number("SELECT recalled_at FROM message WHERE seq = 1"), 1'760'000'000'500);
  EXPECT_EQ(missed(bob_), (Names{"oops", "recalled"}));
  EXPECT_TRUE(missed(alice_).empty());
  EXPECT_EQ(number("SELECT delivered_seq FROM member WHERE user_id = " + id(alice_)), 2);
  EXPECT_EQ(recall_facts_.conversation, test::ConversationKey::single(alice_, bob_));
  EXPECT_EQ(recall_facts_.sender, alice_);
  EXPECT_EQ(recall_facts_.created_at, at(0));
  EXPECT_EQ(recall_facts_.caller.id, alice_);
  ASSERT_TRUE(recall_facts_.other && recall_facts_.mine);
  EXPECT_EQ(recall_facts_.other->id, bob_);
  EXPECT_EQ(recall_facts_.mine->remark, "bobby");
  EXPECT_FALSE(recall_facts_.place);
}

TEST_F(MessageLogTest, ARecallThatIsRepeatedGivesTheFirstOne) {
  ASSERT_TRUE(send(alice_, bob_, "oops"));
  ASSERT_TRUE(recall("oops", alice_, "first"));
  const auto again = recall("oops", alice_, "second");
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->is_repeat);
  EXPECT_EQ(again->body, "first");
  EXPECT_TRUE(recall_facts_.is_recalled);
  EXPECT_EQ(recall_facts_.recall_body, "first");
  EXPECT_EQ(failure(recall("oops", bob_, "third")), ErrorCode::kNotFound);
  EXPECT_EQ(number("SELECT count(*) FROM message"), 2);
}

TEST_F(MessageLogTest, OnlyLinesCanBeRecalledTheNewestFirst) {
  EXPECT_EQ(failure(recall("nothing", alice_, "x")), ErrorCode::kNotFound);
  tell(test::ConversationKey::notice(alice_), "notice");
  EXPECT_EQ(failure(recall("notice", alice_, "x")), ErrorCode::kNotFound);
  ASSERT_TRUE(send(alice_, bob_, "twice"));
  ASSERT_TRUE(send(alice_, carol_, "twice"));
  ASSERT_TRUE(recall("twice", alice_, "x"));
  EXPECT_EQ(recall_facts_.other->id, carol_);
}

TEST_F(MessageLogTest, ARecallInAGroup) {
  const GroupId group = make_group({alice_, bob_});
  ASSERT_TRUE(send(alice_, group, "oops"));
  ASSERT_TRUE(recall("oops", alice_, "recalled"));
  ASSERT_TRUE(recall_facts_.place);
  EXPECT_EQ(recall_facts_.place->group.id, group);
  EXPECT_TRUE(recall_facts_.place->is_member());
  EXPECT_FALSE(recall_facts_.other);
  EXPECT_EQ(missed(bob_), (Names{"oops", "recalled"}));
}

TEST_F(MessageLogTest, BodiesComeInTheOrderAskedFor) {
  for (const char* body : {"a", "b", "c"}) ASSERT_TRUE(send(alice_, bob_, body));
  EXPECT_EQ(*run(log_->read({3, 1, 99, 2}, soon())), (Names{"c", "a", "", "b"}));
}

TEST_F(MessageLogTest, WhatSendingCosts) {
  const GroupId group = make_group({alice_, bob_, carol_});
  ASSERT_TRUE(send(alice_, bob_, "first"));
  ASSERT_TRUE(send(alice_, group, "first"));
  ASSERT_TRUE(send(alice_, group, "now the list is known"));
  forget_cost();
  ASSERT_TRUE(send(alice_, bob_, "x"));
  expect_cost(6, 0);  // facts, number and its place, message and its id, cursor
  ASSERT_TRUE(send(alice_, bob_, "x", "m1"));
  expect_cost(7, 0);
  ASSERT_TRUE(send(alice_, bob_, "x", "m1"));
  expect_cost(1, 0);
  ASSERT_TRUE(send(alice_, group, "x"));
  expect_cost(6, 0);
  ASSERT_TRUE(send(alice_, group, "x", "m2"));
  expect_cost(7, 0);
  ASSERT_TRUE(recall("x", alice_, "gone"));
  expect_cost(9, 0);
}

}  // namespace
}  // namespace qn::store
