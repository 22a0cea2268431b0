#include <gtest/gtest.h>

#include <future>

#include "support/test_server.h"

namespace qn::test {
namespace {

class ContactsApi : public ::testing::Test {
 protected:
  struct Person {
    std::int64_t id = 0;
    std::string uuid;
    std::string token;
  };
  static Person person(const json::value& login) {
    return {integer_at(login, "id"), text_at(login, "uuid"), text_at(login, "token")};
  }
  Person add(std::string_view name) { return person(server_.register_user(name)); }
  Person add_visitor() {
    const auto answer =
        server_.post_signed("/api/visitorRegister", {{"deviceId", std::string(36, 'd')}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return person(answer.data());
  }
  Answer post(const Person& me, const std::string& path, const json::value& body = json::object()) {
    return server_.post("/api/chat/" + path, body, me.token);
  }
  Answer post(const Person& me, const std::string& path, const Person& other,
              const json::value& body = json::object()) {
    return post(me, path + '/' + std::to_string(other.id), body);
  }
  Answer get(const Person& me, const std::string& path) {
    return server_.get("/api/chat/" + path, me.token);
  }
  Answer apply(const Person& from, const Person& to, const json::value& text = "hi") {
    return post(from, "applyfriend", {{"friend_id", to.id}, {"nickname", text}});
  }
  Answer add_at_once(const Person& from, const Person& to) {
    return post(from, "autoAddFriendAndAgree", {{"friend_id", to.id}});
  }
  json::array requests(const Person& me) {
    return get(me, "listapplyfriend/1").data().at("alldata").as_array();
  }
  void expect_refused(const Answer& answer, std::string_view text, int status = 400) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.data(), json::value(text));
  }
  static std::vector<std::string> keys(const json::value& object) {
    std::vector<std::string> names;
    for (const auto& field : object.as_object()) names.emplace_back(field.key());
    return names;
  }

  TestServer server_;
  const Person alice_ = add("alice01");
  const Person bob_ = add("bob_001");
};

TEST_F(ContactsApi, ARequestIsListedAndAnswered) {
  EXPECT_EQ(apply(bob_, alice_, "我是bob").data(), "ok");
  const auto page = get(alice_, "listapplyfriend/1").data();
  EXPECT_EQ(page.at("pendingCount"), 1);
  const auto entry = page.at("alldata").as_array().at(0);
  EXPECT_EQ(keys(entry),
            (std::vector<std::string>{"create_time", "id", "user_id", "friend_id", "nickname",
                                      "friendlookme", "melookfriend", "ismystarfriend", "isblack",
                                      "status", "order", "update_time", "userId", "user"}));
  EXPECT_EQ(entry.at("create_time"), "2025-10-09 16:53:20");
  EXPECT_EQ(entry.at("update_time"), "2025-10-09T08:53:20.000Z");
  EXPECT_EQ(entry.at("userId"), bob_.id);
  EXPECT_EQ(entry.at("nickname"), "我是bob");
  EXPECT_EQ(entry.at("friendlookme"), 1);
  EXPECT_EQ(entry.at("isblack"), 0);
  EXPECT_EQ(keys(entry.at("user")),
            (std::vector<std::string>{"id", "username", "avatar", "nickname", "uuid"}));

  const auto pending = post(alice_, "isApplyfriend/" + bob_.uuid).data();
  EXPECT_EQ(keys(pending), (std::vector<std::string>{
                               "id", "user_id", "friend_id", "nickname", "friendlookme",
                               "melookfriend", "ismystarfriend", "isblack", "status", "userId"}));
  const auto path = "handleapply/" + std::to_string(integer_at(pending, "id"));
  EXPECT_EQ(post(alice_, path, {{"status", "agree"}, {"nickname", "鲍勃"}}).data(), "ok");
  expect_refused(post(alice_, path, {{"status", "agree"}}), "申请不存在或已处理");
  expect_refused(post(alice_, "isApplyfriend/" + bob_.uuid), "用户申请信息不存在");
  EXPECT_EQ(get(alice_, "listapplyfriend/1").data().at("pendingCount"), 0);
  EXPECT_EQ(text_at(post(alice_, "ismygoodfriend", bob_).data(), "nickname"), "鲍勃");
}

TEST_F(ContactsApi, RequestsAreRefusedInTheContractsOrder) {
  expect_refused(apply(alice_, alice_), "不能添加自己为好友");
  expect_refused(apply(alice_, {.id = 99999, .uuid = {}, .token = {}}), "添加的好友不存在");
  EXPECT_EQ(apply(alice_, bob_).status, 200);
  expect_refused(apply(alice_, bob_), "您已经申请过了，请勿重复申请");
  expect_refused(add_at_once(alice_, alice_), "不能添加自己为好友");
  expect_refused(add_at_once(alice_, {.id = 99999, .uuid = {}, .token = {}}), "添加的好友不存在");
  EXPECT_EQ(
      post(bob_, "updateUserinfo", {{"fieldname", "invite_confirm"}, {"fieldValue", 1}}).status,
      200);
  expect_refused(add_at_once(alice_, bob_), "需要对方审核，不能自动加对方为好友");
  EXPECT_EQ(add_at_once(bob_, alice_).data(), "ok");
  expect_refused(add_at_once(bob_, alice_), "您已经申请过了，请勿重复申请");
  expect_refused(post(alice_, "isApplyfriend/30452405-960a-4179-a2a5-9b117443017c"), "用户不存在");
}

TEST_F(ContactsApi, ParametersAreChecked) {
  expect_refused(post(alice_, "applyfriend"), "我申请添加的好友id不能为空", 422);
  expect_refused(post(alice_, "handleapply/1", {{"status", "maybe"}}),
                 "处理状态 的值 `maybe` 必须在 [`pending`、`refuse`、`agree`、`ignore`] 中", 422);
  expect_refused(post(alice_, "ismygoodfriend/0"),
                 "朋友id 的数值 必须 在 1 和 10000000000000000 之间", 422);
  expect_refused(post(alice_, "setblackgoodfriend/x"), "好友id 的值 `x` 的类型不是 `int`", 422);
  expect_refused(post(alice_, "setmeOrfriendCanSee/1", {{"friendlookme", 2}}),
                 "朋友是否可以看我的动态 的值 `2` 必须在 [`0`、`1`] 中", 422);
  // A description that is too long counts as none.
  EXPECT_EQ(apply(bob_, alice_, json::string(51, 'x')).status, 200);
  EXPECT_EQ(requests(alice_).at(0).at("nickname"), "");
}

// Defect C21.
TEST_F(ContactsApi, PagesAreBounded) {
  apply(bob_, alice_);
  for (const char* limit : {"0", "-5", "abc", "999999999999", ""}) {
    const auto applies = get(alice_, std::string("listapplyfriend/1?limit=") + limit);
    EXPECT_EQ(applies.data().at("alldata").as_array().size(), 1u) << limit;
  }
  add_at_once(bob_, alice_);
  add_at_once(alice_, bob_);
  for (const char* limit : {"0", "-5", "abc", "999999999999"}) {
    EXPECT_EQ(get(alice_, std::string("goodfriendlist/1?limit=") + limit).data().at("count"), 1);
  }
  EXPECT_EQ(get(alice_, "goodfriendlist/10000000000000000").data().at("count"), 0);
  EXPECT_EQ(get(alice_, "listapplyfriend/10000000000000000").status, 200);
}

TEST_F(ContactsApi, FriendsAreGroupedByTheFirstLetter) {
  EXPECT_EQ(get(alice_, "goodfriendlist/1").body, R"({"msg":"ok","data":{"count":0,"rows":[]}})");
  const auto zoe = add("zoe_001");
  const auto star = add("*star01");
  const auto ben = add("ben_001");
  for (const auto* other : {&zoe, &star, &bob_, &ben}) {
    ASSERT_EQ(add_at_once(alice_, *other).status, 200);
  }
  post(zoe, "updateUserinfo", {{"fieldname", "nickname"}, {"fieldValue", "张三"}});
  post(ben, "updateUserinfo", {{"fieldname", "nickname"}, {"fieldValue", "重庆"}});
  post(alice_, "setblackgoodfriend", bob_);
  const auto data = get(alice_, "goodfriendlist/1").data();
  EXPECT_EQ(data.at("count"), 4);
  EXPECT_EQ(data.at("rows").at("indexList"), (json::array{"B", "C", "Z", "#"}));
  EXPECT_EQ(data.at("rows").at("total"), 4);
  const auto member = data.at("rows").at("newList").at(2).at("list").at(0);
  EXPECT_EQ(keys(member),
            (std::vector<std::string>{"id", "beizhu", "username", "avatar", "friend_nickname",
                                      "friend_id", "name", "uuid"}));
  EXPECT_EQ(member.at("name"), "张三");
  EXPECT_EQ(member.at("friend_id"), zoe.id);
  EXPECT_EQ(get(alice_, "goodfriendlist/2?limit=3").data().at("rows").at("indexList"),
            (json::array{"C"}));
}

TEST_F(ContactsApi, AFriendIsShownAndSet) {
  ASSERT_EQ(add_at_once(alice_, bob_).status, 200);
  const auto row = post(alice_, "ismygoodfriend", bob_).data();
  EXPECT_EQ(row, (json::object{{"id", row.at("id")},
                               {"user_id", alice_.id},
                               {"friend_id", bob_.id},
                               {"nickname", ""},
                               {"friendlookme", 1},
                               {"melookfriend", 1},
                               {"ismystarfriend", 0},
                               {"isblack", 0},
                               {"status", 1}}));
  const auto profile = get(alice_, "getgoodfriendinfo/" + std::to_string(bob_.id)).data();
  EXPECT_EQ(keys(profile),
            (std::vector<std::string>{"id", "user_id", "friend_id", "nickname", "friendinfo"}));
  EXPECT_EQ(keys(profile.at("friendinfo")),
            (std::vector<std::string>{"id", "username", "avatar", "nickname", "role", "status",
                                      "userinfo"}));
  EXPECT_EQ(post(alice_, "setstargoodfriend", bob_).data(), "ok");
  EXPECT_EQ(post(alice_, "setmeOrfriendCanSee", bob_, {{"friendlookme", 0}, {"melookfriend", "1"}})
                .data(),
            "ok");
  const auto after = post(alice_, "ismygoodfriend", bob_).data();
  EXPECT_EQ(after.at("ismystarfriend"), 1);
  EXPECT_EQ(after.at("friendlookme"), 0);
  EXPECT_EQ(after.at("melookfriend"), 1);

  EXPECT_EQ(post(alice_, "setblackgoodfriend", bob_).data(), "ok");
  expect_refused(post(alice_, "ismygoodfriend", bob_), "不是好友");
  expect_refused(post(alice_, "setstargoodfriend", bob_), "好友不存在或者被拉黑，无法操作");
  expect_refused(
      post(alice_, "setmeOrfriendCanSee", bob_, {{"friendlookme", 0}, {"melookfriend", 0}}),
      "好友不存在或者被拉黑，无法操作");
  EXPECT_EQ(post(bob_, "ismygoodfriend", alice_).status, 200) << "bob's own row is as it was";
  EXPECT_EQ(post(alice_, "setblackgoodfriend", bob_).data(), "ok");
  EXPECT_EQ(post(alice_, "ismygoodfriend", bob_).status, 200);
}

TEST_F(ContactsApi, StrangersAreNoFriends) {
  const json::value visibility = {{"friendlookme", 0}, {"melookfriend", 0}};
  expect_refused(post(alice_, "setblackgoodfriend", bob_), "好友不存在");
  expect_refused(get(alice_, "getgoodfriendinfo/" + std::to_string(bob_.id)), "好友不存在");
  expect_refused(post(alice_, "setstargoodfriend", bob_), "好友不存在或者被拉黑，无法操作");
  expect_refused(post(alice_, "setmeOrfriendCanSee", bob_, visibility),
                 "好友不存在或者被拉黑，无法操作");
  expect_refused(post(alice_, "ismygoodfriend", bob_), "不是好友");
  expect_refused(post(alice_, "deletegoodfriend", bob_), "不是好友关系，无权操作");
}

TEST_F(ContactsApi, DeletingEndsItForBothAndAllowsANewRequest) {
  ASSERT_EQ(add_at_once(alice_, bob_).status, 200);
  EXPECT_EQ(post(bob_, "deletegoodfriend", alice_).data(), "删除好友成功");
  expect_refused(post(alice_, "ismygoodfriend", bob_), "不是好友");
  EXPECT_TRUE(requests(bob_).empty());
  EXPECT_EQ(apply(alice_, bob_).status, 200);
}

// The whitelist of chat-http-api.md §0.5.
TEST_F(ContactsApi, VisitorsMayAskAndDeleteAndNothingElse) {
  const auto visitor = add_visitor();
  EXPECT_EQ(apply(visitor, alice_).data(), "ok");
  EXPECT_EQ(add_at_once(visitor, bob_).data(), "ok");
  EXPECT_EQ(post(visitor, "ismygoodfriend", bob_).status, 200);
  EXPECT_EQ(post(visitor, "deletegoodfriend", bob_).data(), "删除好友成功");
  const std::string_view refusal = "您没有权限访问，请先注册或登录";
  for (const char* path : {"listapplyfriend/1", "goodfriendlist/1", "getgoodfriendinfo/1"}) {
    expect_refused(get(visitor, path), refusal);
  }
  for (const char* path :
       {"handleapply/1", "setblackgoodfriend/1", "setstargoodfriend/1", "setmeOrfriendCanSee/1"}) {
    expect_refused(post(visitor, path), refusal);
  }
  expect_refused(post(visitor, "isApplyfriend/" + alice_.uuid), refusal);
}

// Defect C13.
TEST_F(ContactsApi, TheSameRequestManyTimesAtOnceCountsOnce) {
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 8; ++i) {
    answers.push_back(std::async(std::launch::async, [&] { return apply(bob_, alice_); }));
  }
  int accepted = 0;
  for (auto& future : answers) {
    const auto answer = future.get();
    if (answer.status == 200) {
      ++accepted;
    } else {
      expect_refused(answer, "您已经申请过了，请勿重复申请");
    }
  }
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(requests(alice_).size(), 1u);
}

TEST_F(ContactsApi, BothAddEachOtherAtOnceAndAreFriendsOnce) {
  auto hers = std::async(std::launch::async, [&] { return add_at_once(alice_, bob_); });
  auto his = std::async(std::launch::async, [&] { return add_at_once(bob_, alice_); });
  EXPECT_EQ(hers.get().data(), "ok");
  EXPECT_EQ(his.get().data(), "ok");
  EXPECT_EQ(get(alice_, "goodfriendlist/1").data().at("count"), 1);
  EXPECT_EQ(get(bob_, "goodfriendlist/1").data().at("count"), 1);
}

}  // namespace
}  // namespace qn::test
