#include "wire/complaint_json.h"

#include <gtest/gtest.h>

namespace qn::wire {
namespace {

using Texts = std::vector<std::string>;

// Defect C34: what was sent as text came back as text.
TEST(ImageList, IsReadFromArraysAndTexts) {
  EXPECT_EQ(image_list(json::array{"/a.png", "/b.png"}), (Texts{"/a.png", "/b.png"}));
  EXPECT_EQ(image_list(R"(["/a.png"])"), Texts{"/a.png"});
  EXPECT_EQ(image_list("/a.png,/b.png,"), (Texts{"/a.png", "/b.png"}));
  EXPECT_EQ(image_list("[]"), Texts());
  EXPECT_EQ(image_list(""), Texts());
  EXPECT_EQ(image_list(json::array{""}), Texts());
}

TEST(ImageList, HoldsTextsOnly) {
  for (const json::value& bad : {json::value(1), json::value(nullptr), json::value(json::array{1}),
                                 json::value(json::object{{"url", "/a.png"}}), json::value("[1]"),
                                 json::value("{\"a\":1}"), json::value("[broken")}) {
    EXPECT_FALSE(image_list(bad).has_value()) << bad;
  }
}

TEST(QuotesText, IsTheJsonOfAnArray) {
  EXPECT_EQ(quotes_text(json::array{json::object{{"a", 1}}}), R"([{"a":1}])");
  EXPECT_EQ(quotes_text(R"([ {"a" : 1} ])"), R"([{"a":1}])");
  EXPECT_FALSE(quotes_text("hello").has_value());
  EXPECT_FALSE(quotes_text(json::object()).has_value());
}

TEST(QuotedMessages, ReadWhatMessagesSay) {
  const auto messages = quoted_messages(
      R"([{"from_name":"鲍勃","from_id":7,"type":"text","create_time":1760000000000,)"
      R"("data":"{\"data\":\"你好\",\"dataType\":false}"},)"
      R"({"from_name":"x","data":{"data":"inner"}},{"data":"plain"},{"a":1},"text",5])",
      10);
  ASSERT_EQ(messages.size(), 6u);
  EXPECT_EQ(messages[0].sender, "鲍勃 (id:7)");
  EXPECT_EQ(messages[0].type, "text");
  EXPECT_EQ(messages[0].text, "你好");
  EXPECT_EQ(messages[0].at, time_from_millis(1'760'000'000'000));
  EXPECT_EQ(messages[1].text, "inner");
  EXPECT_EQ(messages[2].text, "plain");
  EXPECT_EQ(messages[3].text, R"({"a":1})");
  EXPECT_EQ(messages[4].text, "text");
  EXPECT_EQ(messages[5].text, "5");
}

TEST(QuotedMessages, AreBoundedAndNeverFail) {
  EXPECT_EQ(quoted_messages("[1,2,3]", 2).size(), 2u);
  EXPECT_TRUE(quoted_messages("{}", 2).empty());
  EXPECT_TRUE(quoted_messages("broken", 2).empty());
  const auto odd = quoted_messages(
      R"([{"create_time":-5},{"create_time":"x"},{"create_time":99999999999999999}])", 9);
  for (const auto& message : odd) EXPECT_FALSE(message.at.has_value());
}

TEST(ComplaintJson, HasTheReferencesKeysInItsOrder) {
  model::Complaint c;
  c.id = ComplaintId(5);
  c.reason = "骚扰";
  c.images = {"/a.png"};
  c.quotes = "[1]";
  EXPECT_EQ(to_json(complaint(c)),
            R"({"images":["/a.png"],"id":5,"target_id":0,"target_type":"single","target_name":"",)"
            R"("reason":"骚扰","content":"","status":0,"admin_reply":null,)"
            R"("create_time":"1970-01-01T00:00:00.000Z","update_time":"1970-01-01T00:00:00.000Z",)"
            R"("user":null})");
}

}  // namespace
}  // namespace qn::wire
