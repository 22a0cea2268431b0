#include "base/text.h"
#include "console/assets.h"
#include "console/views.h"

// What is around a page: header, sidebar, preferences, the flash toast.
namespace qn::console {
namespace {

// A name of the menu file is data, but ours have a translation.
View menu_name(const Phrase& name, const Reader& reader) {
  return std::string(
      translate(std::string_view(translate(name, Language::kChinese)), reader.language()));
}

View::List menu_views(const std::vector<MenuItem>& items, const Reader& reader) {
  View::List out;
  for (const auto& item : items) {
    auto children = menu_views(item.children, reader);
    View view;
    if (!children.empty()) view.set("below", View().set("items", std::move(children)));
    out.push_back(view.set("name", menu_name(item.name, reader))
                      .set("icon", icon_classes(item.icon))
                      .set("url", item.url)
                      .set("active", item.active));
  }
  return out;
}

std::string_view theme_word(Theme theme) {
  switch (theme) {
    case Theme::kAuto:
      return "auto";
    case Theme::kLight:
      return "light";
    case Theme::kDark:
      return "dark";
  }
  return "auto";
}

View::List theme_views(const Reader& reader) {
  struct Entry {
    Theme theme;
    Label text;
    std::string_view icon;
  };
  const auto back = percent_encode(reader.shell.path);
  View::List out;
  for (const auto& entry :
       {Entry{Theme::kLight, "浅色", "fa fa-sun-o"}, Entry{Theme::kDark, "深色", "fa fa-moon-o"},
        Entry{Theme::kAuto, "跟随系统", "fa fa-adjust"}}) {
    const std::string value(theme_word(entry.theme));
    out.push_back(View()
                      .set("value", value)
                      .set("text", reader.word(entry.text))
                      .set("icon", entry.icon)
                      .set("url", "/admin/preferences?theme=" + value + "&back=" + back)
                      .set("active", reader.shell.theme == entry.theme));
  }
  return out;
}

// Each language under its own name, whatever the reader's language is.
View::List language_views(const Reader& reader) {
  const auto back = percent_encode(reader.shell.path);
  View::List out;
  for (const auto& [language, value, text] : {std::tuple{Language::kChinese, "zh", "中文"},
                                              std::tuple{Language::kEnglish, "en", "English"}}) {
    out.push_back(View()
                      .set("text", text)
                      .set("tag", language == Language::kChinese ? "zh-CN" : "en")
                      .set("url", std::string("/admin/preferences?lang=") + value + "&back=" + back)
                      .set("active", reader.language() == language));
  }
  return out;
}

View toast_view(const Toast& toast, const Reader& reader) {
  return View().set("text", reader.words(toast.text)).set("tone", tone_word(toast.tone));
}

}  // namespace

View shell_view(const Reader& reader) {
  const auto& shell = reader.shell;
  View view;
  view.set("lang", shell.language == Language::kChinese ? "zh-CN" : "en")
      .set("theme", theme_word(shell.theme))
      .set("fixed_theme",
           shell.theme == Theme::kAuto ? std::string_view() : theme_word(shell.theme))
      .set("csrf", shell.csrf)
      .set("path", shell.path)
      .set("themes", theme_views(reader))
      .set("languages", language_views(reader));
  if (shell.toast) view.set("toast", toast_view(*shell.toast, reader));
  return view;
}

View frame_view(const Reader& reader) {
  const auto& who = *reader.shell.manager;
  return View()
      .set("name", who.name)
      .set("avatar", avatar_url(who.avatar))
      .set("role", reader.word(who.super ? Label("超级管理员") : Label("普通管理员")))
      .set("items", menu_views(reader.shell.menu, reader));
}

}  // namespace qn::console
