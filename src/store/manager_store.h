#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "store/database.h"

namespace qn::store {

struct NewManager {
  std::string username;
  std::string username_key;  // fold_name(username): the unique key
  std::string password_hash;
  bool super = false;
  Time now;
};

// Table manager: who may use the administration console.
class ManagerStore {
 public:
  virtual ~ManagerStore() = default;
  // kConflict when the name is taken.
  virtual Task<Result<ManagerId>> create(NewManager manager, Deadline by) = 0;
  virtual Task<Result<std::int64_t>> count(Deadline by) = 0;
};

std::unique_ptr<ManagerStore> make_manager_store(Database& db);

}  // namespace qn::store
