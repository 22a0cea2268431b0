#include "console/common_actions.h"
#include "console/pages/handlers.h"
#include "console/pages/profile.h"
#include "console/paging.h"

// The people behind the console (admin-pages.md §3.5): a whole section in one
// file, as an example of what a new one takes.
namespace qn::console {
namespace {

constexpr std::string_view kList = "/admin/manager/index";

constexpr wire::Rule kCreate[] = {
    {.name = "username", .required = true, .max = 30, .desc = "管理员账号"},
    {.name = "password", .required = true, .desc = "管理员密码"},
    {.name = "avatar", .max = 1000, .desc = "管理员头像"},
};
std::string url(std::string_view page, ManagerId id) {
  return "/admin/manager/" + std::string(page) + '/' + std::to_string(id.value);
}

Error no_such_manager() {
  return {ErrorCode::kNotFound, "该管理员不存在", "no such manager"};
}

// "2,3,28" from a script, repeated fields from a plain form.
std::vector<int> menu_ids(const Console& console, const AdminRequest& request) {
  std::vector<int> ids;
  for (const auto& text : request.fields("auth")) {
    for (const int id : parse_menu_ids(text)) ids.push_back(id);
  }
  return console.menu.complete(ids);
}

Row row_of(const Console& console, const model::Manager& manager, bool with_status) {
  Row row{.id = manager.id.value};
  const Badge kind = manager.super ? Badge{"超级管理员", Tone::kInfo} : Badge{"普通管理员"};
  row.cells = {PersonCell{.avatar = console.picture(manager.avatar),
                          .name = manager.username,
                          .url = url("edit", manager.id),
                          .badges = {kind}}};
  if (with_status) {
    std::string rights;
    for (const auto& name : console.menu.names(manager.menu_ids)) {
      rights.append(rights.empty() ? "" : "、").append(name);
    }
    row.cells.push_back(ToggleCell{.id = manager.id.value,
                                   .value = manager.enabled,
                                   .model = "Manager",
                                   .controller = "manager"});
    row.cells.push_back(LabelCell{manager.super ? Phrase("拥有所有的权限") : Phrase::data(rights)});
  }
  row.actions = {edit_action(url("edit", manager.id)), delete_action(url("delete", manager.id))};
  return row;
}

Field rights_field(const Console& console, const std::vector<int>& ids) {
  return {.label = "权限分配",
          .type = FieldType::kTreeSelect,
          .name = "auth",
          .tree = console.menu.tree(ids)};
}

}  // namespace

AnswerTask list_managers(Console& console, AdminRequest& request) {
  const auto choice = page_choice(request);
  const bool super = request.op().manager.super;
  CO_TRY(const auto found, co_await console.services.managers.list(request.op(), choice.limit,
                                                                   choice.offset(), request.by));
  TablePage page{.title = Label("管理员列表"), .path = std::string(kList)};
  if (super) {
    page.buttons = {{.text = "新增管理员", .url = "/admin/manager/create", .icon = "fa fa-plus"}};
  }
  page.pager = choice.pager(found.total);
  page.table.columns = {{.title = "管理员账号"}};
  if (super) {
    page.table.columns.push_back({.title = "可用状态", .width = "200", .align = Align::kCenter});
    page.table.columns.push_back({.title = "权限"});
  }
  page.table.has_actions = true;
  for (const auto& manager : found.managers) {
    page.table.rows.push_back(row_of(console, manager, super));
  }
  co_return Page(std::move(page));
}

AnswerTask create_manager_form(Console& console, AdminRequest& request) {
  if (!request.op().manager.super) co_return refused("您无权操作此项功能");
  FormPage form{.title = Label("创建管理员"), .action = "/admin/manager/save"};
  form.fields = account_fields(nullptr);
  form.fields.push_back(rights_field(console, menu_ids(console, request)));
  form.success_url = kList;
  co_return Page(std::move(form));
}

AnswerTask create_manager(Console& console, AdminRequest& request) {
  if (!request.op().manager.super) co_return refused("您无权操作此项功能");
  CO_TRY(const auto in, request.validate(kCreate));
  chat::NewAdmin admin{.username = in.text("username"),
                       .password = in.text("password"),
                       .avatar = in.text("avatar"),
                       .menu_ids = menu_ids(console, request)};
  CO_CHECK_OK(
      co_await console.services.managers.create(request.op(), std::move(admin), request.by));
  co_return Done{"创建成功", std::string(kList), {Flash::Kind::kCreated}};
}

AnswerTask edit_manager_form(Console& console, AdminRequest& request) {
  const ManagerId id(request.id());
  CO_TRY(const auto manager, co_await console.services.managers.find(request.op(), id, request.by));
  if (!manager) co_return no_such_manager();
  FormPage form{.title = Label("修改管理员"), .action = url("update", id)};
  form.is_edit = true;
  form.fields = account_fields(&*manager);
  if (request.op().manager.super && !manager->super) {
    form.fields.push_back(rights_field(console, manager->menu_ids));
  }
  form.success_url = kList;
  co_return Page(std::move(form));
}

AnswerTask update_manager(Console& console, AdminRequest& request) {
  CO_TRY(auto edit, account_edit(request));
  if (request.body.fields.contains("auth")) edit.menu_ids = menu_ids(console, request);
  CO_CHECK_OK(co_await console.services.managers.update(request.op(), ManagerId(request.id()),
                                                        std::move(edit), request.by));
  co_return Done{"修改成功", std::string(kList), {Flash::Kind::kUpdated}};
}

AnswerTask ask_delete_manager(Console& console, AdminRequest& request) {
  const ManagerId id(request.id());
  CO_TRY(const auto manager, co_await console.services.managers.find(request.op(), id, request.by));
  if (!manager) co_return no_such_manager();
  co_return Page(question("确认删除", Phrase("确定要删除管理员 {} 吗？", {manager->username}),
                          delete_action(url("delete", id)), std::string(kList)));
}

AnswerTask delete_manager(Console& console, AdminRequest& request) {
  const ManagerId id(request.id());
  if (!id) co_return no_such_manager();
  CO_CHECK_OK(co_await console.services.managers.remove(request.op(), id, request.by));
  co_return Done{"管理员删除成功", std::string(kList), {Flash::Kind::kManagerDeleted}};
}

}  // namespace qn::console
