#pragma once

#include <string>
#include <vector>

#include "chat/user_admin.h"
#include "console/admin_request.h"
#include "console/page.h"

// What the pages about chat users share.
namespace qn::console {

// Search, filters and order of the list, from the query.
chat::UserAdmin::ListQuery user_query(const AdminRequest& request);
// What role and status look like beside a name.
std::vector<Badge> role_badges(model::Role role);
Badge status_badge(model::UserStatus status);
std::string user_url(std::string_view page, UserId id);
// kNotFound with the contract's text.
Error no_such_user();

}  // namespace qn::console
