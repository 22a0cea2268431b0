#pragma once

#include "base/result.h"
#include "store/database.h"
#include "store/user_admin_store.h"

namespace qn::store {

// One page of the console's list of users, and how many there are. Jobs of
// UserAdminStore; all statements of a job see the same state.
Result<UserAdminStore::Page> list_users(Connection& c, const UserFilter& filter,
                                        UserAdminStore::Order order, int limit,
                                        std::int64_t offset);

// Whole rows below an id, newest first.
Result<std::vector<model::User>> list_users_before(Connection& c, const UserFilter& filter,
                                                   UserId before, int limit);

}  // namespace qn::store
