#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/operator.h"
#include "chat/passwords.h"
#include "store/manager_store.h"

namespace qn::chat {

struct NewAdmin {
  std::string username;     // 1–30 characters
  std::string password;     // 6–64 characters; at a terminal 1–64, with a warning
  bool super = false;       // may do everything
  std::string avatar = {};  // "": the default picture
  std::vector<int> menu_ids = {};
};

enum class TextFor { kOperator, kBrowser };  // English on a terminal, Chinese on a page

// kRefused with a text for whoever typed it.
Result<void> check_new_admin(const NewAdmin& admin, TextFor reader);

// The people behind the console (admin-pages.md §3.4, §3.5). Rules: a super
// manager sees and changes all, any other only itself and never its rights; the
// last enabled super can be neither disabled nor deleted. Refusals carry the
// contract's texts. Any loop; owned by app/.
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
  Task<Result<void>> set_up(std::string token, NewAdmin admin, Origin origin, Deadline by);
  // Whether there is nobody yet.
  Task<Result<bool>> is_empty(Deadline by);

  // All managers for a super one, else only the operator itself.
  Task<Result<store::ManagerStore::Page>> list(Operator op, int limit, std::int64_t offset,
                                               Deadline by);
  // What `op` may see and edit; nothing when there is no such manager. kRefused
  // when it is another one's and `op` is not super.
  Task<Result<std::optional<model::Manager>>> find(Operator op, ManagerId id, Deadline by);

  // 该管理员账号已存在
  Task<Result<void>> create(Operator op, NewAdmin admin, Deadline by);

  struct Edit {
    std::string username;
    std::string password;                      // "": stays
    std::string avatar;                        // "": stays
    std::optional<std::vector<int>> menu_ids;  // heeded from a super one only (defect D-09)
  };
  // 该管理员记录不存在, 该管理员账号已经存在，不能修改成该管理员账号
  Task<Result<void>> update(Operator op, ManagerId id, Edit edit, Deadline by);
  // 数据不存在 when there is no such manager.
  Task<Result<void>> set_enabled(Operator op, ManagerId id, bool enabled, Deadline by);
  // 该管理员不存在 when there is no such manager.
  Task<Result<void>> remove(Operator op, ManagerId id, Deadline by);

 private:
  Task<Result<store::NewManager>> row_from(NewAdmin admin);
  Task<Result<store::ManagerChange>> change_from(const model::Manager& current, Edit edit,
                                                 Deadline by);

  store::ManagerStore& managers_;
  PasswordHasher& passwords_;
  const Clock& clock_;
  const std::string setup_token_;
  std::atomic<bool> set_up_{false};  // the token is used up
};

}  // namespace qn::chat
