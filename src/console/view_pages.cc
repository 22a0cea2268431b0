#include "console/views.h"

// Details, the home page and pages that say one thing.
namespace qn::console {
namespace {

View::List fact_views(const std::vector<Fact>& facts, const Reader& reader) {
  View::List out;
  for (const auto& fact : facts) {
    out.push_back(
        View().set("label", reader.word(fact.label)).set("cell", cell_view(fact.value, reader)));
  }
  return out;
}

View facts_view(const std::vector<Fact>& facts, const Reader& reader) {
  return View().set("items", fact_views(facts, reader)).set("any", !facts.empty());
}

View figure_views(const HomePage& page, const Reader& reader) {
  View::List out;
  for (const auto& figure : page.figures) {
    out.push_back(View()
                      .set("label", reader.word(figure.label))
                      .set("value", figure.value)
                      .set("icon", icon_classes(figure.icon))
                      .set("tone", tone_word(figure.tone))
                      .set("url", figure.url)
                      .set("note", reader.words(figure.note)));
  }
  return out;
}

// The question was the page itself: what has a `confirm` is a button that posts.
View::List link_views(const NoticePage& page, const Reader& reader) {
  const std::vector<Action> home = {{Label("返回后台首页"), "/admin"}};
  View::List out;
  for (const auto& link : page.links.empty() ? home : page.links) {
    auto view = action_view(link, reader, out.empty() ? "btn-primary" : "btn-outline-secondary");
    out.push_back(View().set(link.confirm ? "post" : "link", std::move(view)));
  }
  return out;
}

}  // namespace

View detail_view(const DetailPage& page, const Reader& reader) {
  View::List panels;
  for (const auto& panel : page.panels) {
    panels.push_back(View()
                         .set("title", reader.word(panel.title))
                         .set("grid", grid_view(panel.table, reader, nullptr)));
  }
  View view;
  if (page.person) view.set("person", person_view(*page.person, reader));
  return view.set("facts", facts_view(page.facts, reader)).set("panels", std::move(panels));
}

View home_view(const HomePage& page, const Reader& reader) {
  View::List charts;
  for (const auto& chart : page.charts) charts.push_back(chart_view(chart, reader));
  return View()
      .set("welcome", reader.words(page.welcome))
      .set("figures", figure_views(page, reader))
      .set("charts", std::move(charts))
      .set("facts", facts_view(page.facts, reader));
}

View notice_view(const NoticePage& page, const Reader& reader) {
  const auto title = translate(page.title, reader.language());
  View view;
  if (page.heading.empty()) {
    view.set("heading", title).set("title", "");
  } else {
    view.set("heading", page.heading).set("title", title);
  }
  return view.set("is_number", !page.heading.empty())
      .set("text", reader.words(page.text))
      .set("links", link_views(page, reader))
      .set("secret", page.secret);
}

}  // namespace qn::console
