#include "console/menu.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "wire/json.h"

namespace qn::console {
namespace {

constexpr std::size_t kMaxEntries = 500;
constexpr std::string_view kIndex = "/index";

// Ids of the reference's menu file up to 29, ours from 101 on.
constexpr std::string_view kStandard = R"([
{"id":1,"pid":0,"name":"网站","icon":"fa fa-chrome","url":""},
{"id":2,"pid":1,"name":"主面板","icon":"fa fa-pie-chart","url":"/admin"},
{"id":3,"pid":1,"name":"管理员","icon":"fe fe-user-plus","url":"/admin/manager/index"},
{"id":101,"pid":1,"name":"操作日志","icon":"fa fa-history","url":"/admin/audit/index"},
{"id":28,"pid":0,"name":"即时通讯","icon":"fa fa-weixin","url":""},
{"id":29,"pid":28,"name":"即时通讯用户","icon":"fa fa-comments","url":"/admin/chatuser"},
{"id":104,"pid":28,"name":"消息管理","icon":"fa fa-envelope-o","url":"/admin/message/index"},
{"id":106,"pid":28,"name":"查看消息内容","icon":"","url":"/admin/messagecontent","right":true},
{"id":105,"pid":28,"name":"在线用户","icon":"fa fa-signal","url":"/admin/online/index"},
{"id":103,"pid":28,"name":"群组管理","icon":"fa fa-users","url":"/admin/chatgroup/index"},
{"id":102,"pid":28,"name":"投诉处理","icon":"fa fa-flag","url":"/admin/complaint/index"}
])";

std::string_view without_index(std::string_view url) {
  if (url.ends_with(kIndex)) url.remove_suffix(kIndex.size());
  return url;
}

bool covers(const MenuEntry& entry, std::string_view path) {
  const auto prefix = without_index(entry.url);
  if (prefix.empty()) return false;
  if (path == prefix) return true;
  return prefix != "/admin" && path.starts_with(prefix) && path[prefix.size()] == '/';
}

Error bad_menu(std::string text) {
  return refused("the menu file " + text);
}

std::string text_of(const wire::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

int integer_of(const wire::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value || !value->is_int64()) return -1;
  const auto n = value->get_int64();
  return n >= 0 && n <= 1'000'000'000 ? static_cast<int>(n) : -1;
}

// A link inside the console, or a heading.
bool is_menu_url(std::string_view url) {
  return url.empty() || url == "/admin" || url.starts_with("/admin/");
}

}  // namespace

Menu Menu::standard() {
  return *parse(kStandard);
}

Result<Menu> Menu::parse(std::string_view json) {
  auto parsed = wire::parse_json(json);
  if (!parsed.has_value()) return bad_menu("is not JSON");
  if (!parsed->is_array()) return bad_menu("must hold an array of entries");
  const auto& array = parsed->get_array();
  if (array.size() > kMaxEntries) return bad_menu("has more than 500 entries");
  std::vector<MenuEntry> entries;
  std::set<int> ids;
  for (const auto& value : array) {
    if (!value.is_object()) return bad_menu("has an entry that is no object");
    const auto& object = value.get_object();
    MenuEntry entry{integer_of(object, "id"), integer_of(object, "pid"), text_of(object, "name"),
                    text_of(object, "icon"), text_of(object, "url")};
    const auto* right = object.if_contains("right");
    entry.is_right = right && right->is_bool() && right->get_bool();
    if (entry.id <= 0 || entry.parent < 0) {
      return bad_menu("has an entry whose id or pid is no whole number");
    }
    const std::string id = std::to_string(entry.id);
    if (!ids.insert(entry.id).second) return bad_menu("has the id " + id + " twice");
    if (!is_menu_url(entry.url)) return bad_menu("links outside /admin at id " + id);
    entries.push_back(std::move(entry));
  }
  return Menu(std::move(entries));
}

const MenuEntry* Menu::find(int id) const {
  const auto it = std::find_if(entries_.begin(), entries_.end(),
                               [id](const MenuEntry& entry) { return entry.id == id; });
  return it == entries_.end() ? nullptr : &*it;
}

bool Menu::allows(const model::Manager& manager, const MenuEntry& entry) const {
  const auto& ids = manager.menu_ids;
  return manager.super || std::find(ids.begin(), ids.end(), entry.id) != ids.end();
}

bool Menu::may_open(const model::Manager& manager, std::string_view path) const {
  if (manager.super) return true;
  return std::any_of(entries_.begin(), entries_.end(), [&](const MenuEntry& entry) {
    return allows(manager, entry) && covers(entry, path);
  });
}

std::string Menu::first_page(const model::Manager& manager) const {
  for (const auto& entry : entries_) {
    if (!entry.url.empty() && !entry.is_right && allows(manager, entry)) return entry.url;
  }
  return {};
}

// An entry whose parent does not exist stands at the top (defect D-36); one that
// is its own ancestor is never reached.
template <class Node, class Make>
std::vector<Node> Menu::build(int parent, const Make& make) const {
  std::vector<Node> nodes;
  for (const auto& entry : entries_) {
    const int under = find(entry.parent) ? entry.parent : 0;
    if (under != parent) continue;
    auto node = make(entry);
    if (!node) continue;
    node->children = build<Node>(entry.id, make);
    nodes.push_back(std::move(*node));
  }
  return nodes;
}

std::vector<MenuItem> Menu::sidebar(const model::Manager& manager, std::string_view path) const {
  auto items = build<MenuItem>(0, [&](const MenuEntry& entry) -> std::optional<MenuItem> {
    const bool shown = allows(manager, entry) || entry.url.empty();
    if (!shown || entry.is_right) return std::nullopt;
    return MenuItem{Phrase::data(entry.name), entry.icon, entry.url, covers(entry, path)};
  });
  std::erase_if(items,
                [](const MenuItem& item) { return item.url.empty() && item.children.empty(); });
  return items;
}

std::vector<TreeNode> Menu::tree(const std::vector<int>& ids) const {
  return build<TreeNode>(0, [&](const MenuEntry& entry) -> std::optional<TreeNode> {
    const bool checked = std::find(ids.begin(), ids.end(), entry.id) != ids.end();
    return TreeNode{std::to_string(entry.id), Phrase::data(entry.name), checked};
  });
}

std::vector<std::string> Menu::names(const std::vector<int>& ids) const {
  std::vector<std::string> names;
  for (const auto& entry : entries_) {
    const bool has = std::find(ids.begin(), ids.end(), entry.id) != ids.end();
    if (has && !entry.url.empty()) names.push_back(entry.name);
  }
  return names;
}

std::vector<int> Menu::complete(const std::vector<int>& ids) const {
  std::set<int> all;
  for (const int id : ids) {
    for (const auto* entry = find(id); entry && all.insert(entry->id).second;) {
      entry = find(entry->parent);
    }
  }
  return {all.begin(), all.end()};
}

std::vector<int> parse_menu_ids(std::string_view text) {
  std::vector<int> ids;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    int id = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + comma, id);
    if (failure == std::errc() && end == text.data() + comma && id > 0) ids.push_back(id);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return ids;
}

}  // namespace qn::console
