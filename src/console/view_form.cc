#include "console/views.h"

namespace qn::console {
namespace {

constexpr std::string_view kIndent = "\u3000";  // an ideographic space for each level

std::string_view input_type(FieldType type) {
  switch (type) {
    case FieldType::kPassword:
      return "password";
    case FieldType::kNumber:
      return "number";
    default:
      return "text";
  }
}

void add_tree_options(const std::vector<TreeNode>& nodes, const std::string& selected,
                      const std::string& indent, const Reader& reader, View::List& out) {
  for (const auto& node : nodes) {
    out.push_back(View()
                      .set("value", node.value)
                      .set("text", indent + translate(node.name, reader.language()))
                      .set("selected", node.checked || node.value == selected));
    add_tree_options(node.children, selected, std::string(indent).append(kIndent), reader, out);
  }
}

View::List option_views(const Field& field, const Reader& reader) {
  View::List out;
  std::size_t number = 0;
  for (const auto& choice : field.choices) {
    out.push_back(View()
                      .set("value", choice.value)
                      .set("text", reader.words(choice.text))
                      .set("id", field.name + "-" + std::to_string(++number))
                      .set("name", field.name)
                      .set("selected", choice.value == field.value));
  }
  add_tree_options(field.tree, field.value, {}, reader, out);
  return out;
}

// Names of the menu file are data, but ours have a translation.
std::string node_name(const TreeNode& node, const Reader& reader) {
  const auto name = translate(node.name, Language::kChinese);
  return std::string(translate(std::string_view(name), reader.language()));
}

View::List tree_views(const std::vector<TreeNode>& nodes, const Field& field,
                      const Reader& reader) {
  View::List out;
  for (const auto& node : nodes) {
    auto children = tree_views(node.children, field, reader);
    View view;
    if (!children.empty()) view.set("below", View().set("nodes", std::move(children)));
    out.push_back(view.set("value", node.value)
                      .set("id", field.name + "-" + node.value)
                      .set("name", field.name)
                      .set("text", node_name(node, reader))
                      .set("checked", node.checked)
                      .set("disabled", field.disabled));
  }
  return out;
}

View number_view(int n) {
  return n > 0 ? View(std::to_string(n)) : View("");
}

View placeholder_view(const Field& field, const Reader& reader) {
  if (field.placeholder.empty()) return "";
  return std::string(translate(field.placeholder, reader.language())).append("...");
}

// What the templates of the kinds have in common.
View plain_field(const Field& field, const Reader& reader) {
  View view;
  view.set("label", reader.word(field.label))
      .set("name", field.name)
      .set("id", "field-" + field.name)
      .set("value", field.value)
      .set("placeholder", placeholder_view(field, reader))
      .set("required", field.required)
      .set("disabled", field.disabled)
      .set("hint", reader.word(field.hint));
  return view;
}

View input_view(const Field& field, const Reader& reader) {
  View view = plain_field(field, reader);
  const bool is_text = field.type != FieldType::kNumber;
  return view.set("type", input_type(field.type))
      .set("min_length", is_text ? number_view(field.min_length) : View(""))
      .set("max_length", is_text ? number_view(field.max_length) : View(""))
      .set("autocomplete", field.autocomplete.empty() ? View("off") : View(field.autocomplete));
}

View file_view(const Field& field, const Reader& reader) {
  return plain_field(field, reader).set("preview", avatar_url(field.value));
}

View dropdown_view(const Field& field, const Reader& reader) {
  View view = plain_field(field, reader);
  const auto none = field.placeholder.empty() ? Label("一级分类") : field.placeholder;
  return view.set("none", reader.word(none)).set("options", option_views(field, reader));
}

View field_view(const Field& field, const Reader& reader) {
  View view;
  if (field.hidden) {
    return view.set("hidden", View().set("name", field.name).set("value", field.value));
  }
  switch (field.type) {
    case FieldType::kText:
    case FieldType::kPassword:
    case FieldType::kNumber:
      return view.set("input", input_view(field, reader));
    case FieldType::kTextarea:
      return view.set("textarea", input_view(field, reader));
    case FieldType::kFile:
      return view.set("file", file_view(field, reader));
    case FieldType::kDropdown:
      return view.set("dropdown", dropdown_view(field, reader));
    case FieldType::kTreeSelect:
      return view.set(
          "tree", plain_field(field, reader).set("nodes", tree_views(field.tree, field, reader)));
    case FieldType::kButtonGroup:
      return view.set("buttons",
                      plain_field(field, reader).set("options", option_views(field, reader)));
    case FieldType::kSwitch:
      return view.set("toggle", plain_field(field, reader).set("on", field.value == "1"));
  }
  return view;
}

}  // namespace

View form_view(const FormPage& page, const Reader& reader) {
  View::List fields;
  bool required = false;
  for (const auto& field : page.fields) {
    fields.push_back(field_view(field, reader));
    required = required || (field.required && !field.hidden);
  }
  return View()
      .set("action", page.action)
      .set("success_url", page.success_url)
      .set("success", reader.word(page.is_edit ? Label("修改成功") : Label("新建成功")))
      .set("error", translate(page.error, reader.language()))
      .set("fields", std::move(fields))
      .set("any_required", required)
      .set("submit", !page.hide_submit);
}

View entrance_view(const EntrancePage& page, const Reader& reader) {
  const bool login = page.kind == EntrancePage::Kind::kLogin;
  View view;
  view.set("username", page.username).set("error", translate(page.error, reader.language()));
  if (login) return view.set("login", true);
  return view.set("first_run", true).set("token", page.token);
}

}  // namespace qn::console
