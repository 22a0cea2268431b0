#include "base/log.h"
#include "console/assets.h"
#include "console/page.h"
#include "console/views.h"

namespace qn::console {
namespace {

constexpr std::size_t kUsualSize = 48 * 1024;

// The templates in one language. They are part of the program: if one does not
// compile, a test fails before anybody sees the page.
Templates compile(Language language) {
  auto made = Templates::compile(
      template_sources(),
      [language](std::string_view words) { return std::string(translate(words, language)); },
      [](std::string_view name) { return asset_url(name); });
  if (made.has_value()) return std::move(made).value();
  log::error("console.templates", {{"detail", made.error().detail}});
  return {};
}

const Templates& templates(Language language) {
  static const Templates chinese = compile(Language::kChinese);
  static const Templates english = compile(Language::kEnglish);
  return language == Language::kChinese ? chinese : english;
}

std::string draw(const View& root, Language language) {
  std::string out;
  out.reserve(kUsualSize);
  templates(language).render("layout", root, out);
  return out;
}

std::string document_title(const std::string& title, Language language) {
  return std::string(translate(Label("网站后台"), language)) + "- " + title;
}

// Title, breadcrumb, buttons and the way back (§2.3, §2.11).
View head_view(const std::string& title, const std::vector<Action>& buttons, std::string back,
               const Reader& reader) {
  return View()
      .set("title", title)
      .set("back", std::move(back))
      .set("buttons", action_views(buttons, reader, "btn-outline-primary"));
}

struct PageDrawer {
  const Reader& reader;
  View& root;

  void operator()(const TablePage& page) const {
    set_title(page.title, page.buttons, "/admin");
    root.set("table", table_view(page, reader));
  }
  void operator()(const FormPage& page) const {
    set_title(page.title, page.buttons, page.success_url);
    root.set("form", form_view(page, reader));
  }
  void operator()(const DetailPage& page) const {
    set_title(page.title, page.buttons, "/admin");
    root.set("detail", detail_view(page, reader));
  }
  void operator()(const HomePage& page) const {
    root.set("document_title", reader.word("后台首页"));
    root.set("home", home_view(page, reader));
  }
  void operator()(const NoticePage& page) const {
    root.set("document_title",
             document_title(translate(page.title, reader.language()), reader.language()));
    root.set("notice", notice_view(page, reader));
  }

 private:
  void set_title(const Phrase& phrase, const std::vector<Action>& buttons, std::string back) const {
    const auto title = translate(phrase, reader.language());
    root.set("document_title", document_title(title, reader.language()));
    root.set("head", head_view(title, buttons, std::move(back), reader));
  }
};

}  // namespace

std::string render(const Page& page, const Shell& shell) {
  const Reader reader{shell};
  View root;
  root.set("shell", shell_view(reader));
  if (shell.manager) root.set("frame", frame_view(reader));
  std::visit(PageDrawer{reader, root}, page);
  return draw(root, shell.language);
}

std::string render(const EntrancePage& page, const Shell& shell) {
  const Reader reader{shell};
  View root;
  root.set("shell", shell_view(reader));
  const Label word =
      page.kind == EntrancePage::Kind::kLogin ? Label("登录") : Label("创建后台首个超级管理员账户");
  root.set("document_title", std::string(translate(Label("后台管理中心"), shell.language)) + " - " +
                                 std::string(translate(word, shell.language)));
  root.set("entrance", entrance_view(page, reader));
  return draw(root, shell.language);
}

}  // namespace qn::console
