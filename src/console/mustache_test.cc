#include "console/mustache.h"

#include <gtest/gtest.h>

namespace qn::console {
namespace {

Result<Templates> compile(std::vector<TemplateSource> sources) {
  return Templates::compile(
      sources, [](std::string_view words) { return "<" + std::string(words) + ">"; },
      [](std::string_view name) {
        return name == "a.css" ? std::string("/assets/a.1.css") : std::string();
      });
}

std::string render(std::string_view text, const View& view) {
  const auto templates = compile({{"main", text}});
  if (!templates.has_value()) return "error: " + templates.error().detail;
  std::string out;
  templates->render("main", view, out);
  return out;
}

TEST(Mustache, WritesTextEscaped) {
  const auto view = View().set("name", "<b title=\"x\">'&'</b>");
  EXPECT_EQ(render("[{{name}}]", view), "[&lt;b title=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/b&gt;]");
}

TEST(Mustache, TagsInsideDataStayText) {
  EXPECT_EQ(render("{{name}}", View().set("name", "{{7*7}}{{name}}")), "{{7*7}}{{name}}");
}

TEST(Mustache, HasNoWayToWriteRawHtml) {
  for (const std::string_view text : {"{{{name}}}", "{{&name}}", "{{}}"}) {
    EXPECT_FALSE(compile({{"main", text}}).has_value()) << text;
  }
}

TEST(Mustache, SectionsFollowTruth) {
  const auto view = View()
                        .set("yes", true)
                        .set("no", false)
                        .set("empty", "")
                        .set("text", "t")
                        .set("none", View::List());
  EXPECT_EQ(
      render("{{#yes}}1{{/yes}}{{#no}}2{{/no}}{{#empty}}3{{/empty}}{{#text}}4{{/text}}", view),
      "14");
  EXPECT_EQ(render("{{^yes}}1{{/yes}}{{^no}}2{{/no}}{{^none}}3{{/none}}{{^gone}}4{{/gone}}", view),
            "234");
}

TEST(Mustache, ListsAndObjectsAreEntered) {
  View::List items;
  items.push_back(View().set("n", "1"));
  items.push_back(View().set("n", "2"));
  const auto view = View().set("items", std::move(items)).set("who", View().set("name", "a"));
  EXPECT_EQ(render("{{#items}}<{{n}}>{{/items}}{{#who}}{{name}}{{/who}}", view), "<1><2>a");
}

TEST(Mustache, ADotIsTheElementItself) {
  EXPECT_EQ(render("{{#all}}{{.}};{{/all}}", View().set("all", View::List{"a", "b"})), "a;b;");
}

TEST(Mustache, AMissingNameDoesNotBorrowFromOutside) {
  const auto view = View().set("url", "/outer").set("inner", View().set("name", "x"));
  EXPECT_EQ(render("{{#inner}}{{name}}{{url}}{{/inner}}", view), "x");
}

TEST(Mustache, NamesWithDotsStartOutside) {
  const auto view =
      View().set("page", View().set("title", "T")).set("inner", View().set("title", "no"));
  EXPECT_EQ(render("{{#inner}}{{page.title}}{{page.gone}}{{/inner}}", view), "T");
}

TEST(Mustache, WordsAndAssetsAreResolvedWhenCompiled) {
  EXPECT_EQ(render("<p>{{t 中文 词}}</p><link href=\"{{asset a.css}}\">", View()),
            "<p>&lt;中文 词&gt;</p><link href=\"/assets/a.1.css\">");
}

TEST(Mustache, IndentationIsLeftOut) {
  EXPECT_EQ(render("<p>\n    {{a}}\n  <b>", View().set("a", "  x")), "<p>\n  x\n<b>");
}

TEST(Mustache, PartialsMayNestThemselves) {
  const auto templates =
      compile({{"main", "{{>tree}}"}, {"tree", "({{n}}{{#below}}{{>tree}}{{/below}})"}});
  ASSERT_TRUE(templates.has_value());
  std::string out;
  templates->render("main", View().set("n", "1").set("below", View().set("n", "2")), out);
  EXPECT_EQ(out, "(1(2))");
}

TEST(Mustache, EndlessNestingEnds) {
  const auto templates = compile({{"main", "x{{>main}}"}});
  ASSERT_TRUE(templates.has_value());
  std::string out;
  templates->render("main", View(), out);
  EXPECT_LT(out.size(), 100u);
}

TEST(Mustache, MistakesAreFoundWhenCompiled) {
  for (const std::string_view text : {"{{#a}}", "{{/a}}", "{{#a}}{{/b}}", "{{a", "{{>gone}}",
                                      "{{asset gone.css}}", "{{#a}}{{#b}}{{/a}}{{/b}}"}) {
    EXPECT_FALSE(compile({{"main", text}}).has_value()) << text;
  }
}

}  // namespace
}  // namespace qn::console
