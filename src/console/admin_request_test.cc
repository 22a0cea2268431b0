#include "console/admin_request.h"

#include <gtest/gtest.h>

namespace qn::console {
namespace {

net::HttpRequest request(net::Method method,
                         std::initializer_list<std::pair<const char*, const char*>> headers) {
  net::HttpRequest http;
  http.method = method;
  http.target = "/admin/x";
  for (const auto& [name, value] : headers) http.headers.add(name, value);
  return http;
}
constexpr auto kGet = net::Method::kGet;
constexpr auto kPost = net::Method::kPost;

TEST(FindCookie, TakesTheNamedOneWhole) {
  const auto http = request(kGet, {{"Cookie", "a=1; qn_admin=x=y;b=2;  qn_admin2=z; empty="}});
  EXPECT_EQ(find_cookie(http, "a"), "1");
  EXPECT_EQ(find_cookie(http, "qn_admin"), "x=y");
  EXPECT_EQ(find_cookie(http, "b"), "2");
  EXPECT_EQ(find_cookie(http, "qn_admin2"), "z");
  EXPECT_EQ(find_cookie(http, "empty"), "");
  EXPECT_EQ(find_cookie(http, "none"), "");
  EXPECT_EQ(find_cookie(request(kGet, {}), "a"), "");
}

TEST(WantsJson, ScriptsAndProgramsDoBrowsersDoNot) {
  EXPECT_TRUE(wants_json(
      request(kPost, {{"X-Requested-With", "XMLHttpRequest"}, {"Accept", "text/html"}})));
  EXPECT_TRUE(wants_json(request(kPost, {})));
  EXPECT_TRUE(wants_json(request(kGet, {{"Accept", "application/json"}})));
  EXPECT_FALSE(wants_json(request(kGet, {})));
  EXPECT_FALSE(wants_json(request(kPost, {{"Accept", "text/html,*/*"}})));
}

TEST(SenderOf, ABrowserTellsWhereItComesFrom) {
  EXPECT_EQ(sender_of(request(kPost, {})), Sender::kProgram);
  EXPECT_EQ(sender_of(request(kPost, {{"Sec-Fetch-Site", "same-origin"}})), Sender::kOwnPage);
  EXPECT_EQ(sender_of(request(kPost, {{"Sec-Fetch-Site", "same-site"}})), Sender::kForeignPage);
  EXPECT_EQ(sender_of(request(kPost, {{"Sec-Fetch-Site", "cross-site"}})), Sender::kForeignPage);
  EXPECT_EQ(sender_of(request(kPost, {{"Origin", "http://a:1"}, {"Host", "a:1"}})),
            Sender::kOwnPage);
  EXPECT_EQ(sender_of(request(kPost, {{"Origin", "http://b:1"}, {"Host", "a:1"}})),
            Sender::kForeignPage);
  EXPECT_EQ(sender_of(request(kPost, {{"Origin", "null"}, {"Host", "a:1"}})), Sender::kForeignPage);
  EXPECT_EQ(sender_of(request(kPost, {{"Origin", "null"}, {"Host", ""}})), Sender::kForeignPage);
  EXPECT_EQ(sender_of(request(kPost, {{"Referer", "http://b/"}})), Sender::kForeignPage);
}

TEST(ConsolePath, StaysInsideTheConsole) {
  for (const char* path : {"/admin", "/admin/chatuser?page=2&role=user", "/admin?x=1"}) {
    EXPECT_TRUE(is_console_path(path)) << path;
  }
  for (const char* path : {"", "/", "//admin", "/adminx", "https://a/admin", "/admin/\\evil",
                           "/admin/\r\nX: y", "/admin/a b", "/admin/\"x"}) {
    EXPECT_FALSE(is_console_path(path)) << path;
  }
  EXPECT_FALSE(is_console_path("/admin/" + std::string(2'000, 'x')));
}

TEST(AdminRequest, IdsAreWholePositiveNumbers) {
  const auto http = request(kGet, {});
  const auto id = [&](const char* text) {
    return AdminRequest{.http = http, .path = {{"id", text}}, .by = Deadline::after(Millis(1))}
        .id();
  };
  EXPECT_EQ(id("12"), 12);
  for (const char* text : {"", "0", "-1", "+1", "1abc", "1.5", " 1", "99999999999999999999"}) {
    EXPECT_EQ(id(text), 0) << text;
  }
}

TEST(AdminRequest, FieldsComeAsArraysTextsOrInTheQuery) {
  const auto http = request(kPost, {});
  AdminRequest in{.http = http, .by = Deadline::after(Millis(1))};
  using Texts = std::vector<std::string>;
  in.body.fields["ids"] = wire::json::array{1, "2", "3,4"};
  EXPECT_EQ(in.fields("ids"), (Texts{"1", "2", "3", "4"}));
  in.body.fields["ids"] = "5, 6,,";
  EXPECT_EQ(in.fields("ids"), (Texts{"5", "6"}));
  in.body.fields["ids"] = nullptr;
  in.query = {{"ids", "7"}};
  EXPECT_EQ(in.fields("ids"), (Texts{"7"}));
  EXPECT_TRUE(in.fields("none").empty());
}

}  // namespace
}  // namespace qn::console
