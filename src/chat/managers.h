#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/passwords.h"
#include "store/manager_store.h"

namespace qn::chat {

struct NewAdmin {
  std::string username;  // 1–30 characters
  std::string password;  // 6–64 characters
  bool super = false;    // may do everything
};

enum class TextFor { kOperator, kBrowser };  // English on a terminal, Chinese on a page

// kRefused with a text for whoever typed it.
Result<void> check_new_admin(const NewAdmin& admin, TextFor reader);

// The people behind the console. Any loop; owned by app/.
class ManagerService {
 public:
  // `setup_token` opens the first-run page of this start; "" opens nothing.
  ManagerService(store::ManagerStore& managers, PasswordHasher& passwords, const Clock& clock,
                 std::string setup_token)
      : managers_(managers),
        passwords_(passwords),
        clock_(clock),
        setup_token_(std::move(setup_token)) {}

  // Whether the token still opens the first-run page: it is the right one and
  // there is no administrator yet (defect D-10).
  Task<Result<bool>> may_set_up(std::string token, Deadline by);
  // Creates the first administrator, with all rights, and uses the token up.
  // kRefused with a text for the page.
  Task<Result<void>> set_up(std::string token, NewAdmin admin, Deadline by);

 private:
  store::ManagerStore& managers_;
  PasswordHasher& passwords_;
  const Clock& clock_;
  const std::string setup_token_;
  std::atomic<bool> set_up_{false};
};

}  // namespace qn::chat
