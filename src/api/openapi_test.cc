#include "api/openapi.h"

#include <gtest/gtest.h>

#include "api/chat_routes.h"
#include "wire/json.h"

namespace qn::api {
namespace {

namespace json = boost::json;

json::object document() {
  return json::parse(openapi_document(chat_routes(), "1.2.3")).as_object();
}

TEST(OpenApi, EveryRouteIsInTheDocument) {
  const auto doc = document();
  std::size_t operations = 0;
  for (const auto& path : doc.at("paths").as_object())
    operations += path.value().as_object().size();
  EXPECT_EQ(operations, chat_routes().size());
  EXPECT_EQ(doc.at("openapi"), "3.1.0");
  EXPECT_EQ(doc.at("info").at("version"), "1.2.3");
}

TEST(OpenApi, OperationIdsAreUnique) {
  const auto doc = document();
  std::set<std::string> ids;
  for (const auto& path : doc.at("paths").as_object()) {
    for (const auto& operation : path.value().as_object()) {
      EXPECT_TRUE(ids.emplace(operation.value().at("operationId").as_string()).second);
    }
  }
}

TEST(OpenApi, RulesBecomeSchemas) {
  static constexpr wire::Rule kRules[] = {
      {.name = "id", .type = wire::Type::kInt, .required = true, .min = 1, .desc = "群id"},
      {.name = "type", .required = true, .in = "agree|no"},
      {.name = "note", .min = 0, .max = 500}};
  const Route route{
      net::Method::kPost, "/api/chat/x/:id", Auth::kUser, 1, nullptr, "Do.", nullptr, kRules};
  const auto doc = json::parse(openapi_document({&route, 1}, "1"));
  const auto& post = doc.at("paths").at("/api/chat/x/{id}").at("post");
  EXPECT_EQ(post.at("parameters").at(0).at("schema").at("minimum"), 1);
  const auto& schema = post.at("requestBody").at("content").at("application/json").at("schema");
  EXPECT_EQ(schema.at("properties").at("type").at("enum"), (json::array{"agree", "no"}));
  EXPECT_EQ(schema.at("properties").at("note").at("maxLength"), 500);
  EXPECT_EQ(schema.at("required"), json::array{"type"});
  EXPECT_FALSE(schema.at("properties").as_object().contains("id"));
  EXPECT_EQ(post.at("security").at(0).as_object().begin()->key(), "token");
}

TEST(ApiDocs, ThePageNamesEveryRoute) {
  const auto page = docs_page(chat_routes(), "1.2.3");
  for (const auto& route : chat_routes()) {
    EXPECT_NE(page.find(route.pattern), std::string::npos) << route.pattern;
  }
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

}  // namespace
}  // namespace qn::api
