#include "console/assets.h"

#include <gtest/gtest.h>

#include "console/asset_table.h"

namespace qn::console {
namespace {

net::HttpReply fetch(const std::string& target, std::string_view encoding = "") {
  net::HttpRequest request;
  request.method = net::Method::kGet;
  request.target = target;
  if (!encoding.empty()) request.headers.add("Accept-Encoding", encoding);
  auto reply = serve_asset(request);
  if (reply) return std::move(*reply);
  net::HttpReply none;
  none.status = 0;
  return none;
}

std::string header(const net::HttpReply& reply, std::string_view name) {
  for (const auto& [key, value] : reply.headers) {
    if (key == name) return value;
  }
  return {};
}

TEST(Assets, HaveAddressesWithTheHashOfTheirContent) {
  const auto& url = asset_url("console.css");
  EXPECT_TRUE(url.starts_with("/admin/assets/console.")) << url;
  EXPECT_EQ(url.size(), std::string("/admin/assets/console.01234567.css").size());
  EXPECT_EQ(asset_url("gone.css"), "");
}

TEST(Assets, EveryOneIsServedForGood) {
  for (const auto& entry : asset_entries()) {
    const auto reply = fetch(asset_url(entry.name));
    EXPECT_EQ(reply.status, 200) << entry.name;
    EXPECT_EQ(reply.content_type, entry.content_type);
    EXPECT_EQ(reply.body.size(), entry.size);
    EXPECT_EQ(header(reply, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(header(reply, "Vary"), "Accept-Encoding");
    EXPECT_EQ(header(reply, "Content-Encoding"), "");
  }
}

TEST(Assets, AreCompressedForWhoAsks) {
  for (const std::string_view accepted : {"gzip", "br, GZIP;q=0.5", "deflate , gzip"}) {
    const auto reply = fetch(asset_url("bootstrap.css"), accepted);
    EXPECT_EQ(header(reply, "Content-Encoding"), "gzip") << accepted;
    EXPECT_TRUE(reply.body.starts_with("\x1f\x8b")) << accepted;
    EXPECT_LT(reply.body.size(), 50'000u);
  }
  for (const std::string_view refused : {"br", "gzip;q=0", "gzip; q=0.0", "xgzip"}) {
    EXPECT_EQ(header(fetch(asset_url("bootstrap.css"), refused), "Content-Encoding"), "")
        << refused;
  }
}

TEST(Assets, FontsAreNotCompressedTwice) {
  const auto reply = fetch(asset_url("fontawesome.woff2"), "gzip");
  EXPECT_EQ(header(reply, "Content-Encoding"), "");
  EXPECT_TRUE(reply.body.starts_with("wOF2"));
}

TEST(Assets, ReferToEachOtherByPublicNames) {
  const auto css = fetch(asset_url("fontawesome.css")).body;
  const auto font = asset_url("fontawesome.woff2").substr(std::string("/admin/assets/").size());
  EXPECT_NE(css.find("url(" + font + ")"), std::string::npos);
  const auto script = fetch(asset_url("console.js")).body;
  const auto forms = asset_url("forms.js").substr(std::string("/admin/assets/").size());
  EXPECT_NE(script.find("\"./" + forms + "\""), std::string::npos);
}

TEST(Assets, KeepTheLicencesOfOthers) {
  EXPECT_NE(fetch(asset_url("bootstrap.css")).body.find("Licensed under MIT"), std::string::npos);
  EXPECT_NE(fetch(asset_url("fontawesome.css")).body.find("SIL OFL 1.1"), std::string::npos);
}

TEST(Assets, UnknownNamesAreNotFound) {
  for (const std::string target :
       {"/admin/assets/", "/admin/assets/console.css", "/admin/assets/../console.css",
        "/admin/assets/x.00000000.css"}) {
    EXPECT_EQ(fetch(target).status, 404) << target;
  }
  EXPECT_EQ(fetch("/admin/chatuser").status, 0);
}

}  // namespace
}  // namespace qn::console
