#include <gtest/gtest.h>

#include "console/page.h"

namespace qn::console {
namespace {

std::string draw(TablePage page) {
  Shell shell;
  shell.manager = Shell::Who{.name = "boss", .super = true};
  return render(Page(std::move(page)), shell);
}

bool has(const std::string& html, std::string_view part) {
  return html.find(part) != std::string::npos;
}

TablePage messages() {
  TablePage page{.title = Label("消息管理"), .path = "/admin/message/index"};
  page.table.columns = {{.title = "内容"}};
  return page;
}

TEST(ViewTable, FieldsOfTheSearchHaveTheirNamesAboveThem) {
  auto page = messages();
  page.fields = {{.name = "user", .label = "发送人", .value = "\"a\""},
                 {.name = "from",
                  .label = "开始时间",
                  .value = "2026-11-22T08:30",
                  .type = SearchField::Type::kTime}};
  page.query = {{"user", "\"a\""}, {"conversation", "7"}};
  const auto html = draw(std::move(page));
  EXPECT_TRUE(has(html, "<span class=\"search-label\">发送人</span>"));
  EXPECT_TRUE(has(html, "name=\"user\" value=\"&quot;a&quot;\""));
  EXPECT_TRUE(has(html, "type=\"datetime-local\" name=\"from\" value=\"2026-11-22T08:30\""));
  EXPECT_TRUE(has(html, "<input type=\"hidden\" name=\"conversation\" value=\"7\">"));
  EXPECT_FALSE(has(html, "<input type=\"hidden\" name=\"user\""));
  EXPECT_TRUE(has(html, "清除条件"));
}

TEST(ViewTable, AListThatIsNotCountedHasStepsInsteadOfPages) {
  auto page = messages();
  page.steps = Steps{.newest = "/admin/message/index?limit=10",
                     .older = "/admin/message/index?limit=10&before=5",
                     .note = Phrase("已检查 {} 条消息，更早的还没有检查", {"20,000"})};
  const auto html = draw(page);
  EXPECT_TRUE(has(html, "href=\"/admin/message/index?limit=10\""));
  EXPECT_TRUE(has(html, "href=\"/admin/message/index?limit=10&amp;before=5\" rel=\"next\""));
  EXPECT_TRUE(has(html, "已检查 20,000 条消息"));
  page.steps = Steps{};
  EXPECT_FALSE(has(draw(std::move(page)), "更早"));
}

TEST(ViewTable, AHintStandsAboveTheTable) {
  auto page = messages();
  EXPECT_FALSE(has(draw(page), "table-hint"));
  page.hint = Phrase::data("<b>");
  EXPECT_TRUE(has(draw(std::move(page)), "<p class=\"table-hint\">&lt;b&gt;</p>"));
}

TEST(ViewTable, OnlyFilesAndWebAddressesAreLinks) {
  const auto cell = [](const char* url) {
    auto page = messages();
    Row row;
    row.cells.push_back(LinkCell{url});
    page.table.rows.push_back(std::move(row));
    return draw(std::move(page));
  };
  EXPECT_TRUE(has(cell("/public/a.png"), "href=\"/public/a.png\""));
  EXPECT_TRUE(has(cell("https://example.org/a.png"), "href=\"https://example.org/a.png\""));
  for (const char* url : {"javascript:alert(1)", "/public/../admin/logout", "//example.org"}) {
    EXPECT_FALSE(has(cell(url), std::string("href=\"") + url)) << url;
    EXPECT_TRUE(has(cell(url), std::string("<bdi>") + url)) << url;
  }
}

}  // namespace
}  // namespace qn::console
