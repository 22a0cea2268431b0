#include "base/time_text.h"
#include "console/views.h"

namespace qn::console {
namespace {

View badge_views(const std::vector<Badge>& badges, const Reader& reader) {
  View::List out;
  for (const auto& badge : badges) {
    out.push_back(View().set("text", reader.word(badge.text)).set("tone", tone_word(badge.tone)));
  }
  return out;
}

View time_view(const TimeCell& cell, const Reader& reader) {
  if (!cell.at) return View().set("never", reader.word(cell.never));
  std::string shown = local_time(*cell.at, reader.shell.utc_offset);
  const auto space = shown.find(' ');
  return View()
      .set("iso", iso_utc(*cell.at))
      .set("date", shown.substr(0, space))
      .set("clock", shown.substr(std::min(space + 1, shown.size())));
}

View toggle_view(const ToggleCell& cell, const Reader& reader) {
  View::List options;
  for (const auto& [value, label] : {std::pair{1, cell.on}, std::pair{0, cell.off}}) {
    options.push_back(View()
                          .set("value", std::to_string(value))
                          .set("text", reader.word(label))
                          .set("lit", cell.value == value));
  }
  return View()
      .set("id", std::to_string(cell.id))
      .set("model", cell.model)
      .set("field", cell.field)
      .set("options", std::move(options));
}

View change_views(const ChangesCell& cell) {
  View::List out;
  for (const auto& change : cell.changes) {
    out.push_back(
        View().set("field", change.field).set("before", change.before).set("after", change.after));
  }
  return out;
}

View picture_views(const PicturesCell& cell) {
  View::List out;
  for (const auto& url : cell.urls) {
    View view;
    if (is_own_file(url)) {
      view.set("own", View().set("url", url).set("small", avatar_url(url)));
    } else if (url.starts_with("https://") || url.starts_with("http://")) {
      view.set("link", url);
    } else {
      view.set("other", url);
    }
    out.push_back(std::move(view));
  }
  return View().set("items", std::move(out));
}

View link_view(const LinkCell& cell) {
  const bool is_link =
      is_own_file(cell.url) || cell.url.starts_with("https://") || cell.url.starts_with("http://");
  return View().set(is_link ? "url" : "other", cell.url);
}

struct CellDrawer {
  const Reader& reader;
  View& view;

  void operator()(const EmptyCell&) const {}
  void operator()(const TextCell& cell) const {
    view.set("text", View().set("value", cell.text).set("note", cell.note));
  }
  void operator()(const LabelCell& cell) const { view.set("words", reader.words(cell.text)); }
  void operator()(const BadgesCell& cell) const {
    view.set("badges", badge_views(cell.badges, reader));
  }
  void operator()(const PersonCell& cell) const { view.set("person", person_view(cell, reader)); }
  void operator()(const TimeCell& cell) const { view.set("time", time_view(cell, reader)); }
  void operator()(const ToggleCell& cell) const { view.set("toggle", toggle_view(cell, reader)); }
  void operator()(const ChangesCell& cell) const { view.set("changes", change_views(cell)); }
  void operator()(const ProseCell& cell) const { view.set("prose", cell.text); }
  void operator()(const PicturesCell& cell) const { view.set("pictures", picture_views(cell)); }
  void operator()(const LinkCell& cell) const { view.set("link", link_view(cell)); }
};

}  // namespace

View person_view(const PersonCell& person, const Reader& reader) {
  View::List lines;
  for (const auto& line : person.lines) {
    if (!line.empty()) lines.push_back(reader.words(line));
  }
  return View()
      .set("avatar", avatar_url(person.avatar))
      .set("name", person.name)
      .set("url", person.url)
      .set("lines", std::move(lines))
      .set("badges", badge_views(person.badges, reader));
}

View cell_view(const Cell& cell, const Reader& reader) {
  View view;
  std::visit(CellDrawer{reader, view}, cell);
  return view;
}

View action_view(const Action& action, const Reader& reader, std::string_view plain_style) {
  View view;
  std::string style = action.tone == Tone::kPlain
                          ? std::string(plain_style)
                          : std::string("btn-outline-").append(tone_word(action.tone));
  view.set("text", reader.word(action.text))
      .set("url", action.url)
      .set("icon", icon_classes(action.icon))
      .set("style", std::move(style));
  if (action.confirm) {
    view.set("confirm", View()
                            .set("title", reader.word(action.confirm->title))
                            .set("text", reader.words(action.confirm->text)));
  }
  return view;
}

View::List action_views(const std::vector<Action>& actions, const Reader& reader,
                        std::string_view plain_style) {
  View::List out;
  for (const auto& action : actions) out.push_back(action_view(action, reader, plain_style));
  return out;
}

}  // namespace qn::console
