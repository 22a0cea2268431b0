// What the console reads from strangers and shows to operators: cookies, page
// numbers, ids and the menu file never break anything, and no text, whatever it
// holds, changes the structure of a page.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "console/admin_request.h"
#include "console/flash.h"
#include "console/menu.h"
#include "console/page.h"
#include "console/paging.h"
#include "require.h"

namespace qn::console {
namespace {

using fuzz::require;

void check_request(const std::string& text) {
  net::HttpRequest http;
  http.target = "/admin/x";
  http.headers.add("Cookie", text);
  static_cast<void>(toast_of(find_cookie(http, "qn_flash")));
  static_cast<void>(wants_json(http));
  AdminRequest request{.http = http,
                       .path = {{"id", text}},
                       .query = wire::parse_pairs(text),
                       .by = Deadline::after(Millis(1))};
  require(request.id() >= 0);
  const auto choice = page_choice(request);
  require(choice.page >= 1 && choice.limit >= 1 && choice.limit <= 100 && choice.offset() >= 0);
  for (const auto& [name, value] : request.query) {
    for (const auto& item : request.fields(name)) require(!item.empty());
  }
  if (is_console_path(text)) {
    require(text.starts_with("/admin") && text.find('\n') == std::string::npos);
  }
}

void check_menu(const std::string& text) {
  for (const int id : parse_menu_ids(text)) require(id > 0);
  const auto menu = Menu::parse(text);
  if (!menu.has_value()) return;
  model::Manager manager;
  manager.menu_ids = menu->complete({1, 2, 3});
  static_cast<void>(menu->sidebar(manager, "/admin/chatuser"));
  static_cast<void>(menu->tree(manager.menu_ids));
  if (const auto first = menu->first_page(manager); !first.empty()) {
    require(menu->may_open(manager, first));
  }
}

Shell shell_with(const std::string& text) {
  Shell shell;
  shell.manager = Shell::Who{text, "/public/x.png", false};
  shell.menu = {{.name = Phrase::data(text), .icon = "fa fa-x", .url = "/admin/x"}};
  shell.toast = Toast{Phrase::data(text)};
  shell.path = "/admin?" + percent_encode(text);
  return shell;
}

std::string table_with(const std::string& text) {
  TablePage page{.title = Phrase::data(text), .path = "/admin/chatuser"};
  page.search = Search{.placeholder = "搜索", .value = text};
  page.filters = {{.name = "role", .label = "全部角色", .choices = {{text, Phrase::data(text)}}}};
  page.query = {{"keyword", text}};
  page.pager = Pager{2, 10, 100};
  page.table.columns = {{.title = "账号"}};
  Row row{.id = 1};
  row.cells = {PersonCell{.avatar = "/public/x.png", .name = text, .lines = {Phrase::data(text)}},
               TextCell{text, text}, ChangesCell{{{text, text, text}}}};
  page.table.rows.push_back(std::move(row));
  return render(Page(std::move(page)), shell_with(text));
}

std::string form_with(const std::string& text) {
  FormPage page{.title = Phrase::data(text), .action = "/admin/x", .error = text};
  page.fields = {{.label = "账号", .name = "a", .value = text},
                 {.label = "说明", .type = FieldType::kTextarea, .name = "b", .value = text},
                 {.label = "类型",
                  .type = FieldType::kDropdown,
                  .name = "c",
                  .choices = {{text, Phrase::data(text)}}}};
  return render(Page(std::move(page)), shell_with(text));
}

auto tags(const std::string& html) {
  return std::ranges::count(html, '<');
}

void check_pages(const std::string& text) {
  static const auto table_tags = tags(table_with("x"));
  static const auto form_tags = tags(form_with("x"));
  require(tags(table_with(text)) == table_tags);
  require(tags(form_with(text)) == form_tags);
}

}  // namespace
}  // namespace qn::console

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  qn::console::check_request(text);
  qn::console::check_menu(text);
  // Stored names are UTF-8 and not empty.
  if (!text.empty() && text.size() <= 200 && qn::is_utf8(text)) qn::console::check_pages(text);
  return 0;
}
