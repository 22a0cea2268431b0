#include <gtest/gtest.h>

#include "console/page.h"

namespace qn::console {
namespace {

std::string draw_cell(Cell cell) {
  Row row;
  row.cells.push_back(std::move(cell));
  TablePage page{.title = Label("投诉处理")};
  page.table.columns = {{.title = "图片"}};
  page.table.rows.push_back(std::move(row));
  return render(page, Shell());
}

bool has(const std::string& html, std::string_view part) {
  return html.find(part) != std::string::npos;
}

TEST(RenderProse, KeepsLinesAndEscapes) {
  EXPECT_TRUE(has(draw_cell(ProseCell{"one\n<two>"}), ">one\n&lt;two&gt;</div>"));
}

TEST(RenderPictures, DrawsOwnFilesAndLinksTheRest) {
  const auto html = draw_cell(PicturesCell{{"/public/a.png", "https://x.example/b.png?a=\"1",
                                            "javascript:alert(1)", "/public/../admin/logout"}});
  EXPECT_TRUE(
      has(html, "<a href=\"/public/a.png\" target=\"_blank\" rel=\"noopener noreferrer\">"));
  EXPECT_TRUE(has(html, "<img src=\"/public/a.png\""));
  EXPECT_TRUE(has(html, "<a href=\"https://x.example/b.png?a=&quot;1\""));
  EXPECT_FALSE(has(html, "src=\"https://x.example"));
  EXPECT_TRUE(has(html, "<bdi>javascript:alert(1)</bdi>"));
  EXPECT_TRUE(has(html, "<bdi>/public/../admin/logout</bdi>"));
}

}  // namespace
}  // namespace qn::console
