#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/audit_store.h"
#include "store/database.h"

namespace qn::store {

// One field in an entry of the audit log. Never a password or its hash.
struct AuditField {
  std::string_view name;
  Param value;
};

// {"name":value,…}, compact.
std::string audit_json(std::initializer_list<AuditField> fields);

// The fields a change touches, as they were and as they are.
class FieldChanges {
 public:
  // Remembers the field if its value changes.
  void add(std::string_view name, const Param& before, const Param& after);
  // That the password changes, without telling anything about it.
  void add_password();

  bool empty() const { return after_.empty(); }
  std::string before() const { return empty() ? "" : '{' + before_ + '}'; }
  std::string after() const { return empty() ? "" : '{' + after_ + '}'; }

 private:
  std::string before_;
  std::string after_;
};

struct AuditNote {
  std::string_view action;       // such as user.create
  std::string_view target_type;  // such as user; "" for none
  std::int64_t target_id = 0;
  std::string_view target_name;
  std::string before;
  std::string after;
};

// Part of the job that makes the change, so that neither exists without the other.
Result<void> insert_audit(Connection& c, const Actor& actor, const AuditNote& note);

}  // namespace qn::store
