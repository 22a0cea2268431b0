#include "api/chat_routes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace qn::api {
namespace {

using net::Method;

struct Expected {
  Method method;
  std::string_view pattern;
  Auth auth;
};
constexpr auto kGet = Method::kGet;
constexpr auto kPost = Method::kPost;

// The contract's index (chat-http-api.md §13) with the access of §0.5.
constexpr std::array kContract = {
    Expected{kPost, "/api/regChat", Auth::kNone},
    Expected{kPost, "/api/loginChat", Auth::kNone},
    Expected{kPost, "/api/chat/logout", Auth::kUser},
    Expected{kPost, "/api/chat/setPassword", Auth::kUser},
    Expected{kPost, "/api/chat/updateUserinfo", Auth::kVisitor},
    Expected{kPost, "/api/visitorRegister", Auth::kSigned},
    Expected{kPost, "/api/visitorregChat", Auth::kSigned},
    Expected{kPost, "/api/visitorloginChat", Auth::kSigned},
    Expected{kPost, "/api/chat/searchUser", Auth::kUser},
    Expected{kGet, "/api/userinfo/:uuid", Auth::kNone},
    Expected{kPost, "/api/chat/getUserSetInfo", Auth::kVisitor},
    Expected{kPost, "/api/chat/applyfriend", Auth::kVisitor},
    Expected{kGet, "/api/chat/listapplyfriend/:page", Auth::kUser},
    Expected{kPost, "/api/chat/isApplyfriend/:uuid", Auth::kUser},
    Expected{kPost, "/api/chat/handleapply/:id", Auth::kUser},
    Expected{kPost, "/api/chat/autoAddFriendAndAgree", Auth::kVisitor},
    Expected{kGet, "/api/chat/goodfriendlist/:page", Auth::kUser},
    Expected{kGet, "/api/chat/getgoodfriendinfo/:id", Auth::kUser},
    Expected{kPost, "/api/chat/ismygoodfriend/:id", Auth::kVisitor},
    Expected{kPost, "/api/chat/setblackgoodfriend/:id", Auth::kUser},
    Expected{kPost, "/api/chat/setstargoodfriend/:id", Auth::kUser},
    Expected{kPost, "/api/chat/setmeOrfriendCanSee/:id", Auth::kUser},
    Expected{kPost, "/api/chat/deletegoodfriend/:id", Auth::kVisitor},
    Expected{kPost, "/api/chat/group/create", Auth::kUser},
    Expected{kGet, "/api/chat/grouplist/:page", Auth::kVisitor},
    Expected{kGet, "/api/chat/groupinfo/:id", Auth::kVisitor},
    Expected{kPost, "/api/chat/groupUpdateName", Auth::kUser},
    Expected{kPost, "/api/chat/groupremark", Auth::kUser},
    Expected{kPost, "/api/chat/groupnickname", Auth::kVisitor},
    Expected{kPost, "/api/chat/groupDeleteOrQuit", Auth::kVisitor},
    Expected{kPost, "/api/chat/groupDeleteUser", Auth::kUser},
    Expected{kPost, "/api/chat/groupInviteUser", Auth::kVisitor},
    Expected{kPost, "/api/chat/groupAddUserSet", Auth::kUser},
    Expected{kPost, "/api/chat/groupAgreeOrNo", Auth::kUser},
    Expected{kPost, "/api/chat/socket/sendmessage", Auth::kVisitor},
    Expected{kPost, "/api/chat/chatGetmessageOffLine", Auth::kVisitor},
    Expected{kPost, "/api/chat/revokeMessage", Auth::kVisitor},
    Expected{kPost, "/api/chat/uploadStreamSingleToServerDiy/:diydir", Auth::kVisitor},
    Expected{kPost, "/api/chat/uploadAliyun", Auth::kVisitor},
    Expected{kPost, "/api/chat/getVideoScreenshot", Auth::kVisitor},
    Expected{kGet, "/api/chat/groupQrcode/:id", Auth::kVisitor},
    Expected{kPost, "/api/chat/userset", Auth::kVisitor},
    Expected{kPost, "/api/chat/askanswer/create", Auth::kUser},
    Expected{kPost, "/api/chat/askanswer/update", Auth::kUser},
    Expected{kPost, "/api/chat/askanswer/delete", Auth::kUser},
    Expected{kPost, "/api/chat/askanswer/list", Auth::kUser},
    Expected{kPost, "/api/chat/askanswer/detail", Auth::kUser},
    Expected{kPost, "/api/chat/askanswer/search", Auth::kUser},
    Expected{kPost, "/api/chat/complaint/create", Auth::kUser},
    Expected{kGet, "/api/chat/complaint/list", Auth::kUser},
    Expected{kGet, "/api/chat/complaint/detail/:id", Auth::kUser},
    Expected{kPost, "/api/chat/complaint/update/:id", Auth::kUser},
    Expected{kPost, "/api/chat/complaint/delete/:id", Auth::kUser},
};

TEST(ChatRoutes, NoneOfTheContractIsMissing) {
  for (const auto& expected : kContract) {
    const auto routes = chat_routes();
    const auto it = std::ranges::find_if(routes, [&](const Route& route) {
      return route.method == expected.method && route.pattern == expected.pattern;
    });
    ASSERT_NE(it, routes.end()) << expected.pattern;
    EXPECT_EQ(it->auth, expected.auth) << expected.pattern;
  }
}

// What the contract does not have says so, and follows its rule for tokens.
TEST(ChatRoutes, WhatIsAddedSaysSo) {
  for (const auto& route : chat_routes()) {
    const bool known = std::ranges::any_of(
        kContract, [&](const Expected& e) { return e.pattern == route.pattern; });
    EXPECT_EQ(known, route.doc.find("(additive)") == std::string_view::npos) << route.pattern;
    const bool needs_token = route.pattern.starts_with("/api/chat/");
    EXPECT_EQ(needs_token, route.auth == Auth::kUser || route.auth == Auth::kVisitor)
        << route.pattern;
    EXPECT_TRUE(route.open != nullptr || route.body_limit > 0) << route.pattern;
    EXPECT_FALSE(route.doc.empty()) << route.pattern;
  }
}

// A parameter in the path that nobody checks, or a check of one that is not there.
TEST(ChatRoutes, PathParametersHaveRules) {
  std::set<std::string_view> unchecked;
  for (const auto& route : chat_routes()) {
    const auto colon = route.pattern.find(':');
    if (colon == std::string_view::npos) continue;
    const auto rest = route.pattern.substr(colon + 1);
    const auto name = rest.substr(0, rest.find('/'));
    const bool has_rule =
        std::ranges::any_of(route.rules, [&](const wire::Rule& rule) { return rule.name == name; });
    if (!has_rule) unchecked.insert(name);
  }
  // The folder has its own language; the id of a large upload is checked where it is read.
  EXPECT_TRUE(unchecked == (std::set<std::string_view>{"diydir"}) ||
              unchecked == (std::set<std::string_view>{"diydir", "id"}));
}

}  // namespace
}  // namespace qn::api
