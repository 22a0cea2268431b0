#include "console/pages/profile.h"

#include "console/pages/handlers.h"

// What every manager may change about itself.
namespace qn::console {
namespace {

constexpr wire::Rule kUpdate[] = {
    {.name = "username", .required = true, .max = 30, .desc = "管理员账号"},
    {.name = "password", .desc = "管理员密码"},
    {.name = "avatar", .max = 1000, .desc = "管理员头像"},
};

}  // namespace

std::vector<Field> account_fields(const model::Manager* manager) {
  return {{.label = "管理员账号",
           .name = "username",
           .placeholder = "请输入管理员账号",
           .value = manager ? manager->username : "",
           .required = true,
           .max_length = 30},
          {.label = "管理员密码",
           .type = FieldType::kPassword,
           .name = "password",
           .placeholder = "请输入管理员密码",
           .required = manager == nullptr,
           .min_length = 6,
           .max_length = 64,
           .autocomplete = "new-password",
           .hint = manager ? Label("留空则不修改密码") : Label("6 到 64 个字符")},
          {.label = "管理员头像",
           .type = FieldType::kFile,
           .name = "avatar",
           .value = manager ? manager->avatar : ""}};
}

Result<chat::ManagerService::Edit> account_edit(const AdminRequest& request) {
  TRY(const auto in, request.validate(kUpdate));
  return chat::ManagerService::Edit{.username = in.text("username"),
                                    .password = in.text("password"),
                                    .avatar = in.text("avatar"),
                                    .menu_ids = {}};
}

AnswerTask profile_form(Console&, AdminRequest& request) {
  FormPage form{.title = Label("修改资料"), .action = "/admin/profile/update"};
  form.is_edit = true;
  form.fields = account_fields(&request.op().manager);
  form.success_url = "/admin/profile";
  co_return Page(std::move(form));
}

AnswerTask update_profile(Console& console, AdminRequest& request) {
  CO_TRY(auto edit, account_edit(request));
  CO_CHECK_OK(co_await console.services.managers.update(request.op(), request.op().manager.id,
                                                        std::move(edit), request.by));
  co_return Done{"修改成功", "/admin/profile", {Flash::Kind::kUpdated}};
}

}  // namespace qn::console
