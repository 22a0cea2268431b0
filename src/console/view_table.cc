#include <algorithm>

#include "base/text.h"
#include "console/views.h"

namespace qn::console {
namespace {

constexpr int kDefaultLimit = 10;
// Pages shown on either side of the current one.
constexpr int kNeighbours = 2;

std::string_view align_class(Align align) {
  switch (align) {
    case Align::kLeft:
      return "text-left text-start";
    case Align::kCenter:
      return "text-center";
    case Align::kRight:
      return "text-right text-end";
  }
  return "";
}

// ?page={n}&limit={limit}{what else is kept}
std::string page_link(const TablePage& page, int number, std::string_view without = {}) {
  std::string link = "?page=" + std::to_string(number);
  link += "&limit=" + std::to_string(page.pager ? page.pager->limit : kDefaultLimit);
  for (const auto& [name, value] : page.query) {
    if (name == without) continue;
    link.append("&").append(percent_encode(name)).append("=").append(percent_encode(value));
  }
  return link;
}

// A click on a column sorts ascending, another one descending.
View sort_view(const TablePage& page, const Column& column) {
  const bool ascending = page.sort == column.sort;
  const bool descending = page.sort == "-" + column.sort;
  std::string link = page_link(page, 1, "sort") + "&sort=";
  if (ascending) link += '-';
  return View()
      .set("url", link + percent_encode(column.sort))
      .set("state", ascending    ? "ascending"
                    : descending ? "descending"
                                 : "")
      .set("icon", ascending    ? "fa fa-sort-asc"
                   : descending ? "fa fa-sort-desc"
                                : "fa fa-sort");
}

View column_views(const Table& table, const Reader& reader, const TablePage* page) {
  View::List out;
  for (const auto& column : table.columns) {
    View view;
    view.set("title", reader.word(column.title))
        .set("width", column.width)
        .set("align", align_class(column.align));
    if (page && !column.sort.empty()) view.set("sort", sort_view(*page, column));
    out.push_back(std::move(view));
  }
  return out;
}

// What a row is about, for the name of its check box.
std::string_view subject_of(const Row& row) {
  for (const auto& cell : row.cells) {
    if (const auto* person = std::get_if<PersonCell>(&cell)) return person->name;
    if (const auto* text = std::get_if<TextCell>(&cell)) return text->text;
  }
  return {};
}

View row_view(const Table& table, const Row& row, const Reader& reader, bool bulk) {
  View::List cells;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    auto view = cell_view(row.cells[i], reader);
    const bool known = i < table.columns.size();
    view.set("label", known ? reader.word(table.columns[i].title) : View(""))
        .set("align", known ? align_class(table.columns[i].align) : std::string_view());
    cells.push_back(std::move(view));
  }
  View view;
  view.set("cells", std::move(cells));
  if (bulk) {
    view.set("pick", View().set("id", std::to_string(row.id)).set("subject", subject_of(row)));
  }
  if (table.has_actions) {
    view.set("actions",
             View().set("items", action_views(row.actions, reader, "btn-outline-primary")));
  }
  return view;
}

View link_view(std::string text, std::string url, bool active) {
  return View().set("text", std::move(text)).set("url", std::move(url)).set("active", active);
}

// First, last and the neighbours of the current page; a gap where pages are left out.
View::List pager_items(const TablePage& page, int current, int last) {
  View::List out;
  int previous = 0;
  for (int number = 1; number <= last; ++number) {
    const bool near = number >= current - kNeighbours && number <= current + kNeighbours;
    if (number != 1 && number != last && !near) {
      number = std::max(number, number < current ? current - kNeighbours - 1 : last - 1);
      continue;
    }
    if (number > previous + 1) out.push_back(View().set("gap", true));
    out.push_back(link_view(std::to_string(number), page_link(page, number), number == current));
    previous = number;
  }
  return out;
}

View pager_view(const TablePage& page, const Reader& reader) {
  const auto& pager = *page.pager;
  const std::int64_t limit = std::max(pager.limit, 1);
  const int last = static_cast<int>(std::max<std::int64_t>((pager.total + limit - 1) / limit, 0));
  View view;
  view.set("items", pager_items(page, pager.page, last))
      .set("total", reader.words({Label("共 {} 条"), {grouped(pager.total)}}));
  if (pager.page > 1 && last > 0) {
    view.set("previous", page_link(page, std::min(pager.page - 1, last)));
  }
  if (pager.page < last) view.set("next", page_link(page, pager.page + 1));
  return view;
}

View filter_views(const TablePage& page, const Reader& reader) {
  View::List out;
  for (const auto& filter : page.filters) {
    View::List choices;
    for (const auto& choice : filter.choices) {
      choices.push_back(View()
                            .set("value", choice.value)
                            .set("text", reader.words(choice.text))
                            .set("selected", choice.value == filter.selected));
    }
    out.push_back(View()
                      .set("name", filter.name)
                      .set("label", reader.word(filter.label))
                      .set("choices", std::move(choices)));
  }
  return out;
}

View field_views(const TablePage& page, const Reader& reader) {
  View::List out;
  for (const auto& field : page.fields) {
    View view;
    view.set("name", field.name).set("label", reader.word(field.label)).set("value", field.value);
    view.set(field.type == SearchField::Type::kTime ? "time" : "text", true);
    out.push_back(std::move(view));
  }
  return out;
}

View steps_view(const Steps& steps, const Reader& reader) {
  return View()
      .set("newest", steps.newest)
      .set("older", steps.older)
      .set("note", reader.words(steps.note));
}

bool is_drawn(const TablePage& page, std::string_view name) {
  if (page.search && page.search->name == name) return true;
  const bool is_field = std::any_of(page.fields.begin(), page.fields.end(),
                                    [name](const SearchField& f) { return f.name == name; });
  if (is_field) return true;
  return std::any_of(page.filters.begin(), page.filters.end(),
                     [name](const Filter& filter) { return filter.name == name; });
}

// The search form keeps what it does not ask for.
View search_view(const TablePage& page, const Reader& reader) {
  View view;
  View::List kept;
  bool used = false;
  for (const auto& [name, value] : page.query) {
    used = used || is_drawn(page, name);
    if (!is_drawn(page, name)) kept.push_back(View().set("name", name).set("value", value));
  }
  if (page.pager && page.pager->limit != kDefaultLimit) {
    kept.push_back(View().set("name", "limit").set("value", std::to_string(page.pager->limit)));
  }
  view.set("path", page.path).set("kept", std::move(kept)).set("used", used);
  view.set("filters", filter_views(page, reader));
  view.set("fields", field_views(page, reader)).set("wide", !page.fields.empty());
  if (page.search) {
    view.set("box", View()
                        .set("name", page.search->name)
                        .set("value", page.search->value)
                        .set("placeholder", reader.word(page.search->placeholder)));
  }
  return view;
}

View bulk_view(const TablePage& page, const Reader& reader) {
  View::List items;
  for (const auto& action : page.bulk) {
    View view;
    view.set("text", reader.word(action.text))
        .set("value", action.value)
        .set("tone", tone_word(action.tone));
    if (action.confirm) {
      view.set("confirm", View()
                              .set("title", reader.word(action.confirm->title))
                              .set("text", reader.words(action.confirm->text)));
    }
    items.push_back(std::move(view));
  }
  return View().set("url", page.bulk_url).set("items", std::move(items));
}

View tab_views(const TablePage& page, const Reader& reader) {
  View::List out;
  for (const auto& tab : page.tabs) {
    out.push_back(
        View().set("text", reader.words(tab.text)).set("url", tab.url).set("active", tab.active));
  }
  return out;
}

}  // namespace

View grid_view(const Table& table, const Reader& reader, const TablePage* page) {
  const bool bulk = page && !page->bulk_url.empty();
  View::List rows;
  for (const auto& row : table.rows) rows.push_back(row_view(table, row, reader, bulk));
  const std::size_t width = table.columns.size() + (bulk ? 1 : 0) + (table.has_actions ? 1 : 0);
  View view;
  if (rows.empty()) {
    view.set("empty", View()
                          .set("span", std::to_string(std::max<std::size_t>(width, 1)))
                          .set("text", reader.word(table.empty)));
  }
  return view.set("columns", column_views(table, reader, page))
      .set("rows", std::move(rows))
      .set("bulk", bulk)
      .set("has_actions", table.has_actions);
}

View table_view(const TablePage& page, const Reader& reader) {
  View view;
  view.set("grid", grid_view(page.table, reader, &page))
      .set("tabs", View().set("items", tab_views(page, reader)).set("any", !page.tabs.empty()));
  if (page.search || !page.fields.empty() || !page.filters.empty()) {
    view.set("search", search_view(page, reader));
  }
  if (!page.hint.empty()) view.set("hint", reader.words(page.hint));
  if (!page.bulk_url.empty()) view.set("bulk", bulk_view(page, reader));
  if (page.pager) view.set("pager", pager_view(page, reader));
  if (page.steps) view.set("steps", steps_view(*page.steps, reader));
  return view;
}

}  // namespace qn::console
