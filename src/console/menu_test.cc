#include "console/menu.h"

#include <gtest/gtest.h>

namespace qn::console {
namespace {

model::Manager with(std::vector<int> ids) {
  model::Manager manager;
  manager.menu_ids = std::move(ids);
  return manager;
}
model::Manager super() {
  model::Manager manager;
  manager.super = true;
  return manager;
}

TEST(Menu, TheStandardEntriesKeepTheirIds) {
  const auto menu = Menu::standard();
  EXPECT_EQ(menu.names({2, 3, 29}), (std::vector<std::string>{"主面板", "管理员", "即时通讯用户"}));
  EXPECT_EQ(menu.names({1, 28}), std::vector<std::string>{});
}

// Defect D-12: /admin/user also granted /admin/userX.
TEST(Menu, PermissionGoesByWholeSegments) {
  const auto menu = Menu::standard();
  const auto manager = with({29});
  EXPECT_TRUE(menu.may_open(manager, "/admin/chatuser"));
  EXPECT_TRUE(menu.may_open(manager, "/admin/chatuser/edit/1"));
  EXPECT_FALSE(menu.may_open(manager, "/admin/chatuserX"));
  EXPECT_FALSE(menu.may_open(manager, "/admin"));
  EXPECT_FALSE(menu.may_open(manager, "/admin/manager/index"));
  EXPECT_FALSE(menu.may_open(manager, ""));
}

TEST(Menu, TheHomePageGrantsNothingElse) {
  const auto menu = Menu::standard();
  EXPECT_TRUE(menu.may_open(with({2}), "/admin"));
  EXPECT_FALSE(menu.may_open(with({2}), "/admin/chatuser"));
}

TEST(Menu, AnIndexPageGrantsItsSection) {
  const auto menu = Menu::standard();
  for (const char* path : {"/admin/manager", "/admin/manager/index", "/admin/manager/edit/1"}) {
    EXPECT_TRUE(menu.may_open(with({3}), path)) << path;
  }
}

TEST(Menu, ASuperManagerMayOpenEverything) {
  EXPECT_TRUE(Menu::standard().may_open(super(), "/admin/nothing"));
}

TEST(Menu, TheFirstPageIsTheFirstThatIsAllowed) {
  const auto menu = Menu::standard();
  EXPECT_EQ(menu.first_page(super()), "/admin");
  EXPECT_EQ(menu.first_page(with({28, 29})), "/admin/chatuser");
  EXPECT_EQ(menu.first_page(with({})), "");
}

TEST(Menu, TheSidebarShowsWhatIsAllowed) {
  const auto items = Menu::standard().sidebar(with({29}), "/admin/chatuser/edit/1");
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].children.size(), 1u);
  EXPECT_TRUE(items[0].children[0].active);
  EXPECT_EQ(Menu::standard().sidebar(super(), "/admin").size(), 2u);
}

TEST(Menu, IdsAreCompletedWithTheirHeadings) {
  const auto menu = Menu::standard();
  EXPECT_EQ(menu.complete({29, 3}), (std::vector<int>{1, 3, 28, 29}));
  EXPECT_EQ(menu.complete({4, 999}), std::vector<int>{});
}

TEST(Menu, ARightIsNoPage) {
  const auto menu = Menu::standard();
  EXPECT_FALSE(menu.may_open(with({104}), "/admin/messagecontent"));
  EXPECT_TRUE(menu.may_open(with({104, 106}), "/admin/messagecontent"));
  EXPECT_FALSE(menu.may_open(with({106}), "/admin/message/index"));
  EXPECT_EQ(menu.first_page(with({106})), "");
  const auto items = menu.sidebar(with({28, 104, 106}), "/admin/message/index");
  ASSERT_EQ(items.size(), 1u);
  ASSERT_EQ(items[0].children.size(), 1u);
  EXPECT_TRUE(items[0].children[0].active);
  EXPECT_TRUE(items[0].children[0].children.empty());
  EXPECT_EQ(menu.names({104, 106}), (std::vector<std::string>{"消息管理", "查看消息内容"}));
}

// Defect D-36: nodes whose parent came later disappeared.
TEST(Menu, TheOrderOfTheFileDoesNotMatter) {
  const auto menu = Menu::parse(R"([{"id":2,"pid":1,"name":"child","url":"/admin/x"},
                                    {"id":1,"pid":0,"name":"parent","url":""},
                                    {"id":3,"pid":77,"name":"orphan","url":"/admin/y"}])");
  ASSERT_TRUE(menu.has_value());
  const auto tree = menu->tree({2});
  ASSERT_EQ(tree.size(), 2u);
  ASSERT_EQ(tree[0].children.size(), 1u);
  EXPECT_TRUE(tree[0].children[0].checked);
}

TEST(Menu, ACycleEndsNowhere) {
  const auto menu = Menu::parse(R"([{"id":1,"pid":2,"name":"a"},{"id":2,"pid":1,"name":"b"},
                                    {"id":3,"pid":3,"name":"c"}])");
  ASSERT_TRUE(menu.has_value());
  EXPECT_TRUE(menu->tree({}).empty());
  EXPECT_EQ(menu->complete({1}), (std::vector<int>{1, 2}));
}

TEST(Menu, BadFilesAreRefusedWithAReason) {
  const auto reason = [](std::string_view json) {
    const auto menu = Menu::parse(json);
    return menu.has_value() ? std::string() : menu.error().text;
  };
  EXPECT_EQ(reason("{"), "the menu file is not JSON");
  EXPECT_EQ(reason("{}"), "the menu file must hold an array of entries");
  EXPECT_EQ(reason("[1]"), "the menu file has an entry that is no object");
  EXPECT_EQ(reason(R"([{"id":"1","pid":0}])"),
            "the menu file has an entry whose id or pid is no whole number");
  EXPECT_EQ(reason(R"([{"id":1,"pid":0},{"id":1,"pid":0}])"), "the menu file has the id 1 twice");
  EXPECT_EQ(reason(R"([{"id":1,"pid":0,"url":"javascript:x"}])"),
            "the menu file links outside /admin at id 1");
}

TEST(MenuIds, OnlyPositiveNumbersCount) {
  EXPECT_EQ(parse_menu_ids("2,3,28"), (std::vector<int>{2, 3, 28}));
  EXPECT_EQ(parse_menu_ids(",x,-1,0,4x,5,,99999999999,"), (std::vector<int>{5}));
  EXPECT_TRUE(parse_menu_ids("").empty());
}

}  // namespace
}  // namespace qn::console
