#pragma once

#include "app/settings.h"
#include "base/result.h"
#include "chat/managers.h"

namespace qn::app {

// What an operator does beside the server, running or not. Blocking; kRefused
// with a text when the operator can put it right.

// kRefused also when the name is taken.
Result<void> create_admin(const Settings& settings, const chat::NewAdmin& admin);

// Applies what the database lacks; its schema before and after.
Result<store::MigrationReport> migrate(const Settings& settings);

}  // namespace qn::app
