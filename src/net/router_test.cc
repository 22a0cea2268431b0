#include "net/router.h"

#include <gtest/gtest.h>

namespace qn::net {
namespace {

using Params = std::vector<std::pair<std::string, std::string>>;

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router_.add(Method::kGet, "/", "root");
    router_.add(Method::kGet, "/api/user", "list");
    router_.add(Method::kPost, "/api/user", "create");
    router_.add(Method::kGet, "/api/user/:id", "show");
    router_.add(Method::kGet, "/api/user/me", "me");
    router_.add(Method::kPost, "/api/user/:name/follow", "follow");
    router_.add(Method::kGet, "/api/:kind/:id/raw/:part", "raw");
  }

  std::string find(Method method, std::string_view path) const {
    const auto match = router_.match(method, path);
    return match.entry ? *match.entry : match.has_other_method ? "405" : "404";
  }
  Params params(std::string_view path) const { return router_.match(Method::kGet, path).params; }

  Router<std::string> router_;
};

TEST_F(RouterTest, FindsByMethodAndPath) {
  EXPECT_EQ(find(Method::kGet, "/"), "root");
  EXPECT_EQ(find(Method::kGet, "/api/user"), "list");
  EXPECT_EQ(find(Method::kPost, "/api/user"), "create");
  EXPECT_EQ(find(Method::kGet, "/api/user/7"), "show");
  EXPECT_EQ(find(Method::kPost, "/api/user/7/follow"), "follow");
}

TEST_F(RouterTest, TellsWrongMethodFromWrongPath) {
  EXPECT_EQ(find(Method::kDelete, "/api/user"), "405");
  EXPECT_EQ(find(Method::kGet, "/api/user/7/follow"), "405");
  for (const auto path : {"", "api", "/api", "/API/user", "/api/user/7/8", "/api//user", "/x"}) {
    EXPECT_EQ(find(Method::kGet, path), "404") << path;
  }
}

TEST_F(RouterTest, TrailingSlashMakesNoDifference) {
  EXPECT_EQ(find(Method::kGet, "/api/user/"), "list");
  EXPECT_EQ(find(Method::kGet, "/api/user/7/"), "show");
  EXPECT_EQ(find(Method::kGet, "/api/user//"), "404");
}

TEST_F(RouterTest, StaticWinsButTheSearchComesBack) {
  EXPECT_EQ(find(Method::kGet, "/api/user/me"), "me");
  EXPECT_EQ(find(Method::kPost, "/api/user/me/follow"), "follow");
  EXPECT_EQ(find(Method::kGet, "/api/user/me/raw/x"), "raw");
  EXPECT_EQ(params("/api/user/me/raw/x"), (Params{{"kind", "user"}, {"id", "me"}, {"part", "x"}}));
}

TEST_F(RouterTest, HeadFindsTheRouteOfGet) {
  EXPECT_EQ(find(Method::kHead, "/api/user/7"), "show");
  EXPECT_EQ(find(Method::kHead, "/api/user/7/follow"), "405");
}

TEST_F(RouterTest, DecodesParameters) {
  EXPECT_EQ(params("/api/user/a%20b+c"), (Params{{"id", "a b+c"}}));
  EXPECT_EQ(params("/api/user/%E9%9D%92%2F"), (Params{{"id", "青/"}}));
  EXPECT_EQ(params("/api/user/100%"), (Params{{"id", "100%"}}));
}

}  // namespace
}  // namespace qn::net
