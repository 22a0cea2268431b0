#include "console/pages/handlers.h"

// POST /admin/commonUpdateById (admin-pages.md §2.6). The reference sets any
// column of any table (defect D-01); here it is the status of users, groups and
// managers.
namespace qn::console {
namespace {

constexpr std::string_view kNoSuchRow = "数据不存在";
constexpr std::string_view kGroups = "/admin/chatgroup";

constexpr wire::Rule kRules[] = {
    {.name = "id", .type = wire::Type::kInt, .required = true, .desc = "分类id"},
    {.name = "keyname", .required = true},
    {.name = "keyvalue", .required = true, .fallback = ""},
    {.name = "model", .required = true},
};

std::string_view list_of(std::string_view model) {
  if (model == "Manager") return "/admin/manager/index";
  return model == "Group" ? "/admin/chatgroup/index" : "/admin/chatuser/index";
}

// Where a browser without JavaScript came from.
std::string back_to(const AdminRequest& request, std::string_view model) {
  const std::string back = request.field("back");
  return is_console_path(back) ? back : std::string(list_of(model));
}

}  // namespace

AnswerTask update_by_id(Console& console, AdminRequest& request) {
  CO_TRY(const auto in, request.validate(kRules));
  const auto& model = in.text("model");
  const auto& value = in.text("keyvalue");
  const bool enable = value == "1";
  const bool is_status = in.text("keyname") == "status" && (enable || value == "0");
  const auto& op = request.op();
  const bool may = model == "User" && console.menu.may_open(op.manager, "/admin/chatuser");
  if (is_status && may) {
    using model::UserStatus;
    const auto status = enable ? UserStatus::kNormal : UserStatus::kDisabled;
    std::vector<UserId> ids{UserId(in.integer("id"))};
    CO_TRY(const int found,
           co_await console.services.users.set_status(op, std::move(ids), status, request.by));
    if (found == 0) co_return refused(kNoSuchRow);
  } else if (is_status && model == "Group" && console.menu.may_open(op.manager, kGroups)) {
    CO_TRY(const bool found, co_await console.services.groups.set_enabled(
                                 op, GroupId(in.integer("id")), enable, request.by));
    if (!found) co_return refused(kNoSuchRow);
  } else if (is_status && model == "Manager" && op.manager.super) {
    CO_CHECK_OK(co_await console.services.managers.set_enabled(op, ManagerId(in.integer("id")),
                                                               enable, request.by));
  } else {
    co_return refused(kNoSuchRow);
  }
  co_return Done{"修改成功", back_to(request, model), {Flash::Kind::kUpdated}};
}

}  // namespace qn::console
