#include "wire/contact_json.h"

#include <gtest/gtest.h>

namespace qn::wire {
namespace {

model::Contact contact(std::int64_t id, const std::string& nickname, char initial) {
  return {.id = FriendRowId(id),
          .friend_id = UserId(id + 100),
          .remark = "",
          .username = "user" + std::to_string(id),
          .nickname = nickname,
          .avatar = "/a.png",
          .uuid = "u",
          .initial = initial};
}

json::object rows_of(const std::vector<model::Contact>& contacts) {
  return json::parse(contact_list(contacts)).at("rows").as_object();
}

TEST(ContactList, NobodyIsAnEmptyArray) {
  EXPECT_EQ(contact_list({}), R"({"count":0,"rows":[]})");
}

TEST(ContactList, OneFriendInFull) {
  EXPECT_EQ(contact_list(std::vector{contact(7, "老\"王", 'L')}),
            R"({"count":1,"rows":{"newList":[{"title":"L","list":[{"id":7,"beizhu":"",)"
            R"("username":"user7","avatar":"/a.png","friend_nickname":"老\"王","friend_id":107,)"
            R"("name":"老\"王","uuid":"u"}]}],"indexList":["L"],"total":1}})");
}

TEST(ContactList, LettersAreSortedAndTheHashIsLast) {
  const auto rows = rows_of({contact(1, "123", '#'), contact(2, "z", 'Z'), contact(3, "a", 'A'),
                             contact(4, "*", '#'), contact(5, "A", 'A')});
  EXPECT_EQ(rows.at("indexList"), (json::array{"A", "Z", "#"}));
  EXPECT_EQ(rows.at("total"), 3);
  const auto& groups = rows.at("newList").as_array();
  EXPECT_EQ(groups.at(0).at("list").as_array().at(0).at("id"), 3);
  EXPECT_EQ(groups.at(0).at("list").as_array().at(1).at("id"), 5);
  EXPECT_EQ(groups.at(2).at("title"), "#");
  EXPECT_EQ(groups.at(2).at("list").as_array().size(), 2u);
}

TEST(ContactList, NamesAreRemarkThenNicknameThenAccount) {
  auto with_remark = contact(1, "nick", 'R');
  with_remark.remark = "remark";
  const auto rows = rows_of({with_remark, contact(2, "nick", 'N'), contact(3, "", 'U')});
  const auto name = [&](std::size_t group) {
    return rows.at("newList").as_array().at(group).at("list").as_array().at(0).at("name");
  };
  EXPECT_EQ(name(0), "nick");
  EXPECT_EQ(name(1), "remark");
  EXPECT_EQ(name(2), "user3");
}

}  // namespace
}  // namespace qn::wire
