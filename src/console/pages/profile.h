#pragma once

#include <vector>

#include "chat/managers.h"
#include "console/admin_request.h"
#include "console/page.h"

namespace qn::console {

// The fields of a manager's account, for itself and for others; none: a new one.
std::vector<Field> account_fields(const model::Manager* manager);
// What such a form sends, without rights.
Result<chat::ManagerService::Edit> account_edit(const AdminRequest& request);

}  // namespace qn::console
