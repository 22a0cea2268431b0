#pragma once

#include <string>

#include "app/settings.h"
#include "base/result.h"

namespace qn::app {

// What an operator does beside the server, running or not. Blocking; kRefused
// with a text when the operator can put it right.

struct NewAdmin {
  std::string username;  // 1–30 characters
  std::string password;  // 6–64 characters
  bool super = false;
};

// kRefused also when the name is taken.
Result<void> create_admin(const Settings& settings, const NewAdmin& admin);

// Applies what the database lacks; its schema before and after.
Result<store::MigrationReport> migrate(const Settings& settings);

}  // namespace qn::app
