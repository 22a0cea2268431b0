#include "chat/guides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace qn::chat {
namespace {

using ::testing::ElementsAre;

const Time kNow = time_from_millis(1'760'000'000'000);
constexpr std::string_view kPictures = "https://docs-51yrc-com.oss-cn-hangzhou.aliyuncs.com/chat";

model::Arrival arrival() {
  model::Arrival a;
  a.person.id = UserId(8);
  a.person.username = "u004_lock";
  a.person.avatar = "https://example.org/user.jpg";
  return a;
}

std::vector<model::Message> make(model::Role role, const model::Arrival& a) {
  SystemRandom random;
  return guides(role, a, kNow, random);
}

std::vector<std::string> keys(const std::vector<model::Message>& messages) {
  std::vector<std::string> all;
  for (const auto& m : messages) {
    const std::string& from = std::get<std::string>(m.from);
    EXPECT_TRUE(from.starts_with("redirect-") && from.ends_with("-8")) << from;
    EXPECT_EQ(m.msgid_key, from);
    all.push_back(from.substr(9, from.size() - 11));
  }
  return all;
}

model::Message guide(std::string_view key, const model::Arrival& a,
                     model::Role role = model::Role::kUser) {
  for (const auto& m : make(role, a)) {
    if (m.msgid_key == "redirect-" + std::string(key) + "-8") return m;
  }
  ADD_FAILURE() << "no guide " << key;
  return {};
}

TEST(Guides, UsersGetThemInTheContractsOrder) {
  auto a = arrival();
  EXPECT_THAT(keys(make(model::Role::kUser, a)),
              ElementsAre("setPassword", "userInfoSet", "whoCanChatMe", "myQrcode", "search",
                          "applyAddMeFriendSet", "AskAndAnswerSet"));
  a.has_groups = true;
  a.has_friends = true;
  EXPECT_THAT(keys(make(model::Role::kUser, a)),
              ElementsAre("setPassword", "groupList", "friendsList", "userInfoSet", "whoCanChatMe",
                          "myQrcode", "search", "applyAddMeFriendSet", "AskAndAnswerSet"));
}

TEST(Guides, VisitorsGetFewer) {
  auto a = arrival();
  a.has_friends = true;
  EXPECT_THAT(keys(make(model::Role::kVisitor, a)), ElementsAre("whoCanChatMe", "visitorLogin"));
  a.has_groups = true;
  EXPECT_THAT(keys(make(model::Role::kVisitor, a)),
              ElementsAre("groupList", "whoCanChatMe", "visitorLogin"));
}

TEST(Guides, EachIsAMessageOfItsOwn) {
  std::set<std::string> ids;
  for (const auto& m : make(model::Role::kUser, arrival())) {
    ids.insert(m.id);
    EXPECT_EQ(m.to_id, 8);
    EXPECT_EQ(m.to_name, "u004_lock");
    EXPECT_EQ(m.to_avatar, "https://example.org/user.jpg");
    EXPECT_EQ(m.type, "text");
    EXPECT_EQ(m.options, "{}");
    EXPECT_EQ(m.create_time, kNow);
    EXPECT_TRUE(m.is_guide);
    ASSERT_TRUE(m.redirect);
    EXPECT_EQ(m.redirect->type, "navigateTo");
  }
  EXPECT_EQ(ids.size(), 7u);
}

TEST(Guides, SayAndLeadAsInTheContract) {
  const auto password = guide("setPassword", arrival());
  EXPECT_EQ(password.from_name, "修改密码");
  EXPECT_EQ(password.from_avatar, std::string(kPictures) + "/img/setPassword.png");
  EXPECT_EQ(password.text, "您可以点击这里，修改密码");
  EXPECT_EQ(password.redirect->url,
            "/pages/setpageInfo/setpageInfo?action=setPassword"
            "&title=%E4%BF%AE%E6%94%B9%E5%AF%86%E7%A0%81");
  EXPECT_EQ(guide("userInfoSet", arrival()).redirect->url,
            "/pages/setpageInfo/setpageInfo?action=userinfoSet"
            "&title=%E8%B4%A6%E5%8F%B7%E4%BF%A1%E6%81%AF%E8%AE%BE%E7%BD%AE"
            "&redirectUrl=%2Fpages%2Fxiaoxi%2Fxiaoxi&redirectType=switchTab");
  EXPECT_EQ(guide("search", arrival()).redirect->url, "/pages/search/search");
  const auto login = guide("visitorLogin", arrival(), model::Role::kVisitor);
  EXPECT_EQ(login.from_avatar, std::string(kPictures) + "/kefu.png");
  EXPECT_EQ(login.redirect->url, "/pages/loginCenter/loginCenter");
}

// Defect C27.
TEST(Guides, NameAndPictureAreThoseOfTheRow) {
  auto a = arrival();
  a.person.nickname = "李 & 华";
  EXPECT_EQ(guide("search", a).to_name, "李 & 华");
  EXPECT_EQ(guide("userInfoSet", a).from_avatar, "https://example.org/user.jpg");
  EXPECT_EQ(guide("myQrcode", a).redirect->url,
            "/pages/setpageInfo/setpageInfo?action=groupQrcode"
            "&title=%E6%88%91%E7%9A%84%E4%BA%8C%E7%BB%B4%E7%A0%81&id=8"
            "&name=%E6%9D%8E%20%26%20%E5%8D%8E"
            "&avatar=https%3A%2F%2Fexample.org%2Fuser.jpg&chatType=single");
}

TEST(Guides, ANewPictureIsPointedOut) {
  const auto m = avatar_changed(arrival().person, "an id", kNow);
  EXPECT_EQ(m.id, "an id");
  EXPECT_EQ(m.msgid_key, "redirect-userInfoSet-8");
  EXPECT_EQ(m.from_name, "头像更换成功");
  EXPECT_EQ(m.from_avatar, "https://example.org/user.jpg");
  EXPECT_EQ(m.text, "不满意你的头像可以继续更换");
  EXPECT_EQ(m.redirect->action, "avatar");
  EXPECT_EQ(m.redirect->url, guide("userInfoSet", arrival()).redirect->url);
}

}  // namespace
}  // namespace qn::chat
