#include "store/apply_store.h"

#include <gmock/gmock.h>

#include "store/friend_store.h"
#include "store/sql/log_test_fixture.h"

namespace qn::store {
namespace {

using model::ApplyStatus;
using model::ConversationKey;
using test::at;
using test::failure;
using test::run;
using test::soon;
using test::telling;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::size_t kCap = 100;

class ApplyStoreTest : public test::LogTest {
 protected:
  ApplyStoreTest()
      : applies_(make_apply_store(counting_)),
        friends_(make_friend_store(counting_)),
        alice_(create("alice")),
        bob_(create("bob")),
        carol_(create("carol")) {
    forget_cost();
  }

  Result<ApplyId> ask(UserId from, UserId to, const std::string& text = "") {
    auto asked = telling<ApplyId>(ConversationKey::notice(to), "asked");
    return run(applies_->create(from, to, text, at(1), std::move(asked), soon()));
  }
  // Tells the first of the two whether they are friends now.
  Tell<Friendship> tell_of(UserId user) {
    return [user](const Friendship& made) {
      const std::string body = made.is_new ? "friends" : "as before";
      return std::vector<Addressed>{{ConversationKey::notice(user), test::notice(body)}};
    };
  }
  ApplyId apply(UserId from, UserId to, const std::string& text = "hi") {
    auto id = ask(from, to, text);
    EXPECT_TRUE(id);
    return id ? *id : ApplyId();
  }
  Result<Friendship> agree(ApplyId id, UserId me, Remarks remarks = {}, std::size_t cap = kCap) {
    return run(applies_->agree(id, me, std::move(remarks), cap, at(2), tell_of(me), soon()));
  }
  Result<Friendship> add_at_once(UserId from, UserId to, std::size_t cap = kCap) {
    return run(applies_->create_agreed(from, to, "auto", {}, cap, at(2), tell_of(to), soon()));
  }
  std::int64_t count(const std::string& table) { return number("SELECT count(*) FROM " + table); }
  std::optional<model::Friend> row(UserId owner, UserId other) {
    auto found = run(friends_->find(owner, other, soon()));
    EXPECT_TRUE(found);
    return *found;
  }

  std::unique_ptr<ApplyStore> applies_;
  std::unique_ptr<FriendStore> friends_;
  const UserId alice_;
  const UserId bob_;
  const UserId carol_;
};

TEST_F(ApplyStoreTest, OneOpenRequestInEachDirection) {
  const ApplyId first = apply(alice_, bob_);
  expect_cost(1 + test::kTellNewUser, 0);
  EXPECT_EQ(failure(ask(alice_, bob_)), ErrorCode::kConflict);
  apply(bob_, alice_);
  EXPECT_TRUE(*run(applies_->settle(first, bob_, ApplyStatus::kRefuse, at(3), soon())));
  const ApplyId again = apply(alice_, bob_, "please");
  ASSERT_TRUE(agree(again, bob_));
  EXPECT_EQ(failure(ask(alice_, bob_)), ErrorCode::kConflict);
  EXPECT_THAT(missed(bob_), ElementsAre("asked", "asked", "friends"));
}

TEST_F(ApplyStoreTest, TheListIsNewestFirstWithTheApplicantAndCountsWhatIsPending) {
  const ApplyId first = apply(bob_, alice_, "我是bob");
  const ApplyId second = apply(carol_, alice_, "");
  ASSERT_TRUE(run(applies_->settle(first, alice_, ApplyStatus::kIgnore, at(5), soon())));
  forget_cost();
  const auto page = *run(applies_->list(alice_, 10, 0, soon()));
  expect_cost(0, 2);
  EXPECT_EQ(page.pending, 1);
  ASSERT_EQ(page.entries.size(), 2u);
  EXPECT_EQ(page.entries[0].apply.id, second);
  EXPECT_EQ(page.entries[0].applicant.username, "carol");
  EXPECT_EQ(page.entries[1].apply.status, ApplyStatus::kIgnore);
  EXPECT_EQ(page.entries[1].apply.text, "我是bob");
  EXPECT_EQ(page.entries[1].apply.create_time, at(1));
  EXPECT_EQ(page.entries[1].apply.update_time, at(5));
  const auto later = *run(applies_->list(alice_, 1, 1, soon()));
  ASSERT_EQ(later.entries.size(), 1u);
  EXPECT_EQ(later.entries[0].apply.id, first);
  EXPECT_EQ(later.pending, 1);
  EXPECT_TRUE(run(applies_->list(bob_, 10, 0, soon()))->entries.empty());

  remove(carol_, 6);
  const auto without = *run(applies_->list(alice_, 10, 0, soon()));
  EXPECT_EQ(without.entries.size(), 1u) << "deleted applicants are not listed";
  EXPECT_EQ(without.pending, 0);
}

TEST_F(ApplyStoreTest, OnlyTheAddresseeSettlesAndOnlyOnce) {
  const ApplyId id = apply(alice_, bob_);
  EXPECT_FALSE(*run(applies_->settle(id, alice_, ApplyStatus::kRefuse, at(2), soon())));
  EXPECT_FALSE(*run(applies_->settle(id, carol_, ApplyStatus::kRefuse, at(2), soon())));
  EXPECT_EQ(failure(agree(id, carol_)), ErrorCode::kNotFound);
  EXPECT_TRUE(*run(applies_->find_pending(id, bob_, soon())));
  EXPECT_FALSE(*run(applies_->find_pending(id, carol_, soon())));
  EXPECT_TRUE(*run(applies_->find_pending(alice_, bob_, soon())));
  EXPECT_FALSE(*run(applies_->find_pending(bob_, alice_, soon())));

  EXPECT_TRUE(*run(applies_->settle(id, bob_, ApplyStatus::kRefuse, at(2), soon())));
  EXPECT_FALSE(*run(applies_->settle(id, bob_, ApplyStatus::kIgnore, at(3), soon())));
  EXPECT_EQ(failure(agree(id, bob_)), ErrorCode::kNotFound);
  EXPECT_FALSE(*run(applies_->find_pending(id, bob_, soon())));
  EXPECT_EQ(count("goodfriend"), 0);
}

TEST_F(ApplyStoreTest, AgreeingMakesBothRowsWithTheirRemarksAndInitials) {
  const ApplyId id = apply(alice_, bob_);
  forget_cost();
  const auto made = agree(id, bob_, {.of_applicant = "张三", .of_addressee = "bobby"});
  expect_cost(4 + test::kTellUser, 0);
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->is_new);
  EXPECT_EQ(made->remarks.of_applicant, "张三");
  EXPECT_EQ(made->remarks.of_addressee, "bobby");
  EXPECT_EQ(row(bob_, alice_)->remark, "张三");
  EXPECT_EQ(row(alice_, bob_)->remark, "bobby");
  EXPECT_EQ(run(friends_->list(bob_, 10, 0, soon()))->at(0).initial, 'Z');
  EXPECT_EQ(number("SELECT initial = 'Z' FROM goodfriend WHERE nickname = '张三'"), 1);
}

TEST_F(ApplyStoreTest, RowsThatExistStayAsTheyAre) {
  ASSERT_TRUE(add_at_once(alice_, bob_));
  ASSERT_TRUE(run(friends_->toggle_black(alice_, bob_, at(3), soon())));
  const ApplyId back = apply(bob_, alice_);
  const auto made = agree(back, alice_, {.of_applicant = "new", .of_addressee = "new"});
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->is_new);
  EXPECT_EQ(made->remarks.of_applicant, "");
  EXPECT_THAT(missed(alice_), ElementsAre("asked", "as before"));
  EXPECT_TRUE(row(alice_, bob_)->settings.is_black);
  EXPECT_EQ(count("goodfriend"), 2);
}

TEST_F(ApplyStoreTest, TwoWhoAskEachOtherEndAsFriendsOnce) {
  test::Together<Result<Friendship>> both;
  hold_writer();
  both.start(applies_->create_agreed(alice_, bob_, "", {}, kCap, at(2), tell_of(bob_), soon()));
  both.start(applies_->create_agreed(bob_, alice_, "", {}, kCap, at(2), tell_of(alice_), soon()));
  both.start(applies_->create_agreed(alice_, bob_, "", {}, kCap, at(2), tell_of(bob_), soon()));
  release_writer();
  const auto results = both.finish();
  ASSERT_TRUE(results[0] && results[1]);
  EXPECT_TRUE(results[0]->is_new);
  EXPECT_FALSE(results[1]->is_new);
  EXPECT_EQ(failure(results[2]), ErrorCode::kConflict);
  EXPECT_EQ(count("goodfriend"), 2);
  EXPECT_EQ(count("goodfriendapply"), 2);
}

TEST_F(ApplyStoreTest, AddingAtOnceIsOneTransaction) {
  forget_cost();
  ASSERT_TRUE(add_at_once(alice_, bob_));
  expect_cost(4 + test::kTellNewUser, 0);
  EXPECT_EQ(failure(add_at_once(alice_, bob_)), ErrorCode::kConflict);
  EXPECT_EQ(run(applies_->list(bob_, 10, 0, soon()))->entries.at(0).apply.status,
            ApplyStatus::kAgree);
}

// Defect X11.
TEST_F(ApplyStoreTest, NobodyGetsMoreFriendsThanTheCap) {
  ASSERT_TRUE(add_at_once(alice_, bob_, 1));
  EXPECT_EQ(failure(add_at_once(alice_, carol_, 1)), ErrorCode::kRefused) << "mine are too many";
  EXPECT_EQ(failure(add_at_once(carol_, alice_, 1)), ErrorCode::kRefused) << "or the other's";
  const ApplyId id = apply(carol_, alice_);
  EXPECT_EQ(failure(agree(id, alice_, {}, 1)), ErrorCode::kRefused);
  EXPECT_THAT(missed(alice_), ElementsAre("asked")) << "nothing is told of what is refused";
  EXPECT_THAT(missed(carol_), IsEmpty());
  EXPECT_EQ(count("goodfriend"), 2);
  EXPECT_EQ(count("goodfriendapply"), 2);
  EXPECT_TRUE(*run(applies_->find_pending(id, alice_, soon()))) << "it can be answered later";
  EXPECT_TRUE(agree(apply(bob_, alice_), alice_, {}, 1)) << "they are friends already";
}

TEST_F(ApplyStoreTest, WhatCannotBeToldDoesNotHappen) {
  const ApplyId id = apply(alice_, bob_);
  must("CREATE TRIGGER no_message BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'no'); END");
  EXPECT_FALSE(agree(id, bob_));
  EXPECT_FALSE(ask(carol_, bob_));
  EXPECT_FALSE(add_at_once(carol_, bob_));
  EXPECT_EQ(count("goodfriend"), 0);
  EXPECT_EQ(count("goodfriendapply"), 1);
  EXPECT_TRUE(*run(applies_->find_pending(id, bob_, soon())));
}

}  // namespace
}  // namespace qn::store
