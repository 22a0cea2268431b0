#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <future>

#include "support/group_world.h"

namespace qn::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace texts = chat::texts;

constexpr std::string_view kGroupPicture =
    "https://docs-51yrc-com.oss-cn-hangzhou.aliyuncs.com/chat/group.png";

class GroupJoiningTest : public ::testing::Test {
 protected:
  static Deadline soon() { return ChatWorld::soon(); }
  std::string join(const chat::Caller& caller, const std::string& text = {}) {
    return invite(caller, caller, -1, text);
  }
  std::string bring(const chat::Caller& caller, const chat::Caller& user) {
    return invite(caller, user, caller.user.value);
  }
  std::string invite(const chat::Caller& caller, const chat::Caller& user, std::int64_t inviter,
                     const std::string& text = {}) {
    chat::Invitation invitation{
        .group = group_, .user = user.user, .inviter = inviter, .text = text};
    const auto result = world_.run(world_.groups.invite(caller, std::move(invitation), soon()));
    return std::string(result ? *result : std::string_view(result.error().text));
  }
  std::string judge(const chat::Caller& caller, const chat::Caller& user, chat::Verdict verdict) {
    return world_.text_of(world_.groups.judge(caller, group_, user.user, verdict, soon()));
  }
  void set_policy(int value) {
    EXPECT_EQ(world_.text_of(world_.groups.set_policy(owner_, group_, value, soon())), "ok");
  }
  std::string key(const chat::Caller& user) {
    return "redirect-applyAddGroup" + std::to_string(group_.value) + "-" +
           std::to_string(user.user.value) + "-" +
           std::to_string(to_millis(world_.people.clock.now()));
  }

  GroupWorld world_;
  const chat::Caller owner_ = world_.add("owner_01", "群主");
  const chat::Caller bob_ = world_.add("bob_0001", "老王");
  chat::Caller carol_ = world_.add("carol_01", "小陈");
  const GroupId group_ = world_.create(owner_, {bob_});
};

TEST_F(GroupJoiningTest, WhoeverJoinsAnOpenGroupIsToldToAllMembers) {
  EXPECT_EQ(join(carol_), texts::kJoined);
  const auto told = world_.only_told();
  EXPECT_EQ(told.kind, "group");
  EXPECT_THAT(told.to, ElementsAre(owner_.user, bob_.user, carol_.user));
  EXPECT_EQ(told.text("from_id"), key(carol_));
  EXPECT_EQ(told.text("from_name"), "加群申请提醒");
  EXPECT_EQ(told.text("from_avatar"), kGroupPicture);
  EXPECT_EQ(told.number("to_id"), group_.value);
  EXPECT_EQ(told.text("to_name"), "群主、老王");
  EXPECT_EQ(told.text("chatType"), "group");
  EXPECT_EQ(told.text("type"), "systemNotice");
  EXPECT_EQ(told.said(), "[小陈] 加入了群聊");
  EXPECT_FALSE(told.object.contains("msgidKey"));
  EXPECT_EQ(join(carol_), texts::kAlreadyMember);
}

TEST_F(GroupJoiningTest, TheInviterIsNamedAsInTheGroup) {
  world_.befriend(bob_, carol_);
  EXPECT_EQ(world_.text_of(world_.groups.set_nickname(bob_, group_, "阿宝", soon())), "ok");
  EXPECT_EQ(bring(bob_, carol_), texts::kJoined);
  EXPECT_EQ(world_.only_told().said(), "[阿宝]邀请 [小陈] 加入了群聊");
}

TEST_F(GroupJoiningTest, InvitingVisitorsAreNotNamed) {
  const auto dave = world_.add("dave_001");
  EXPECT_EQ(join(carol_), texts::kJoined);
  world_.make_visitor(carol_);
  world_.befriend(carol_, dave);
  world_.log.take();
  EXPECT_EQ(bring(carol_, dave), texts::kJoined);
  EXPECT_EQ(world_.only_told().said(), "[dave_001] 加入了群聊");
}

// Defect S15.
TEST_F(GroupJoiningTest, NobodyIsBroughtByStrangers) {
  EXPECT_EQ(invite(owner_, carol_, -1), texts::kOnlyForYourself);
  EXPECT_EQ(invite(owner_, carol_, 0), texts::kOnlyForYourself);
  EXPECT_EQ(bring(owner_, carol_), texts::kNotFriendToInvite);
  EXPECT_EQ(bring(carol_, bob_), texts::kNotMemberToInvite);
  EXPECT_EQ(bring(carol_, carol_), texts::kNotMemberToInvite);
  world_.add_friend_row(owner_, carol_);  // only the inviter calls it a friendship
  EXPECT_EQ(bring(owner_, carol_), texts::kNotFriendToInvite);
  world_.add_friend_row(carol_, owner_);
  world_.execute("UPDATE goodfriend SET isblack = 1 WHERE user_id = " +
                 std::to_string(carol_.user.value));
  EXPECT_EQ(bring(owner_, carol_), texts::kNotFriendToInvite);
  EXPECT_THAT(world_.log.take(), IsEmpty());
}

// A caller who names the owner as the inviter is taken for oneself.
TEST_F(GroupJoiningTest, NamingTheOwnerDoesNotGetAroundApproval) {
  set_policy(1);
  world_.befriend(bob_, carol_);
  EXPECT_EQ(invite(bob_, carol_, owner_.user.value), texts::kWaitForOwner);
}

TEST_F(GroupJoiningTest, TheOwnerIsAskedWithEverythingToDecideOn) {
  set_policy(1);
  EXPECT_EQ(join(carol_, "让我进群吧"), texts::kWaitForOwner);
  const auto told = world_.only_told();
  EXPECT_EQ(told.kind, "notice");
  EXPECT_THAT(told.to, ElementsAre(owner_.user));
  EXPECT_EQ(told.text("from_id"), key(carol_));
  EXPECT_EQ(told.text("msgidKey"), key(carol_));
  EXPECT_EQ(told.text("from_name"), "加群处理");
  EXPECT_EQ(told.number("to_id"), owner_.user.value);
  EXPECT_EQ(told.text("to_name"), "群主");
  EXPECT_EQ(told.text("chatType"), "single");
  EXPECT_EQ(told.text("type"), "text");
  EXPECT_EQ(told.said(), "请处理申请 [小陈] 加入了群[群主、老王]");
  EXPECT_EQ(told.object.at("group").at("id").as_int64(), group_.value);
  const auto& redirect = told.object.at("redirect").as_object();
  EXPECT_EQ(redirect.at("type").as_string(), "navigateTo");
  const std::string now = std::to_string(to_millis(world_.people.clock.now()));
  EXPECT_EQ(boost::json::serialize(redirect.at("desc")),
            R"({"addGroupUserType":"用户自主进群","inviteUser":"","addGroupTime":)" + now +
                R"(,"addGroupDesc":"让我进群吧","addGroupUserRole":"user","msgidKey":")" +
                key(carol_) + "\"}");
  const auto uuid = world_.place(group_, carol_).user.uuid;
  const std::string url =
      "/pages/setpageInfo/setpageInfo?action=applyAddGroup&title=%E5%8A%A0%E7%BE%A4%E7%94%B3%E8%AF"
      "%B7&id=" +
      std::to_string(group_.value) +
      "&name=%E7%BE%A4%E4%B8%BB%E3%80%81%E8%80%81%E7%8E%8B&avatar="
      "https%3A%2F%2Fexample.org%2Fdefault.png%2Chttps%3A%2F%2Fexample.org%2Fdefault.png"
      "&chatType=group&applyUserid=" +
      std::to_string(carol_.user.value) + "&applyUsername=小陈&applyUseruuid=" + uuid +
      "&applyUseravatar=https%3A%2F%2Fexample.org%2Fdefault.png&applydesc=%7B%22addGroup";
  EXPECT_TRUE(redirect.at("url").as_string().starts_with(url)) << redirect.at("url");
  EXPECT_EQ(join(carol_), texts::kAlreadyWaits);
}

TEST_F(GroupJoiningTest, InvitationsOfMembersWaitThoseOfTheOwnerDoNot) {
  set_policy(1);
  world_.befriend(bob_, carol_);
  EXPECT_EQ(bring(bob_, carol_), texts::kWaitForOwner);
  const auto told = world_.only_told();
  EXPECT_EQ(told.said(), "请处理申请 [老王]邀请 [小陈] 加入了群[群主、老王]");
  const auto& desc = told.object.at("redirect").at("desc").as_object();
  EXPECT_EQ(desc.at("addGroupUserType"), "邀请进群");
  EXPECT_EQ(desc.at("inviteUser"), "老王 ");

  const auto dave = world_.add("dave_001");
  world_.befriend(owner_, dave);
  EXPECT_EQ(bring(owner_, dave), texts::kJoined);
  EXPECT_EQ(world_.only_told().said(), "[群主]邀请 [dave_001] 加入了群聊");
}

// Defect C10.
TEST_F(GroupJoiningTest, PolicyTwoLetsRegisteredUsersInAtOnce) {
  set_policy(2);
  EXPECT_EQ(join(carol_), texts::kJoined);
  EXPECT_EQ(world_.only_told().text("from_name"), "加群申请提醒");
  auto visitor = world_.add("visitor1");
  world_.make_visitor(visitor);
  EXPECT_EQ(join(visitor), texts::kVisitorsLogIn);
  world_.befriend(owner_, visitor);
  EXPECT_EQ(bring(owner_, visitor), texts::kJoined);
}

TEST_F(GroupJoiningTest, ReservedPoliciesLetInSilently) {
  set_policy(3);
  EXPECT_EQ(join(carol_), texts::kJoined);
  EXPECT_THAT(world_.log.take(), IsEmpty());
}

TEST_F(GroupJoiningTest, WhoMayNotActDoesNotJoin) {
  world_.befriend(owner_, carol_);
  world_.disable(carol_);
  EXPECT_EQ(bring(owner_, carol_), texts::kNobodyToJoin);
  chat::Caller nobody = carol_;
  nobody.user = UserId(99);
  EXPECT_EQ(bring(owner_, nobody), texts::kNobodyToJoin);
  world_.execute("UPDATE \"group\" SET status = 2");
  EXPECT_EQ(join(bob_), texts::kNoGroupToJoin);
}

TEST_F(GroupJoiningTest, ApprovalIsToldToAllMembers) {
  set_policy(1);
  EXPECT_EQ(join(carol_), texts::kWaitForOwner);
  world_.log.take();
  EXPECT_EQ(judge(owner_, carol_, chat::Verdict::kAgree), "ok");
  const auto told = world_.only_told();
  EXPECT_EQ(told.kind, "group");
  EXPECT_THAT(told.to, ElementsAre(owner_.user, bob_.user, carol_.user));
  EXPECT_EQ(told.said(), "[小陈] 加入了群聊");
  EXPECT_EQ(judge(owner_, carol_, chat::Verdict::kAgree), texts::kNotWaiting);
}

TEST_F(GroupJoiningTest, RefusalIsSilentAndMayBeAskedAgain) {
  set_policy(1);
  EXPECT_EQ(join(carol_), texts::kWaitForOwner);
  world_.log.take();
  EXPECT_EQ(judge(owner_, carol_, chat::Verdict::kRefuse), "ok");
  EXPECT_THAT(world_.log.take(), IsEmpty());
  EXPECT_EQ(judge(owner_, carol_, chat::Verdict::kRefuse), texts::kNotWaiting);
  EXPECT_EQ(join(carol_), texts::kWaitForOwner);
}

// Defect C11.
TEST_F(GroupJoiningTest, AnApplicantWhoIsGoneChangesNothing) {
  set_policy(1);
  EXPECT_EQ(join(carol_), texts::kWaitForOwner);
  world_.disable(carol_);
  EXPECT_EQ(judge(owner_, carol_, chat::Verdict::kAgree), texts::kApplicantGone);
  EXPECT_EQ(world_.place(group_, carol_).member->status, 2);
}

TEST_F(GroupJoiningTest, WhoWithdrawsGoesUnnoticed) {
  set_policy(1);
  EXPECT_EQ(join(carol_), texts::kWaitForOwner);
  world_.log.take();
  EXPECT_EQ(world_.text_of(world_.groups.leave(carol_, group_, soon())), "ok");
  EXPECT_THAT(world_.log.take(), IsEmpty());
}

// Defect C13.
TEST_F(GroupJoiningTest, OfManyCallsAtOnceOneJoins) {
  std::vector<std::future<std::string>> calls;
  for (int i = 0; i < 4; ++i) {
    calls.push_back(std::async(std::launch::async, [this] { return join(carol_); }));
  }
  int joined = 0;
  for (auto& call : calls) {
    const auto text = call.get();
    if (text == texts::kJoined) {
      ++joined;
    } else {
      EXPECT_EQ(text, texts::kAlreadyMember);
    }
  }
  EXPECT_EQ(joined, 1);
  EXPECT_EQ(world_.log.take().size(), 1u);
}

}  // namespace
}  // namespace qn::test
