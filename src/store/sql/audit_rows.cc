#include "store/sql/audit_rows.h"

#include <boost/json.hpp>

namespace qn::store {
namespace {

constexpr std::string_view kInsert = R"(
INSERT INTO audit_log (created_at, manager_id, manager_name, address, action, target_type,
                       target_id, target_name, before_json, after_json)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))";

void append_string(std::string& out, std::string_view text) {
  out += boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

void append_field(std::string& out, std::string_view name, const Param& value) {
  if (!out.empty()) out += ',';
  append_string(out, name);
  out += ':';
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    append_string(out, *text);
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    out += std::to_string(*number);
  } else {
    out += "null";
  }
}

}  // namespace

std::string audit_json(std::initializer_list<AuditField> fields) {
  std::string out;
  for (const auto& field : fields) append_field(out, field.name, field.value);
  return '{' + out + '}';
}

void FieldChanges::add(std::string_view name, const Param& before, const Param& after) {
  if (before == after) return;
  append_field(before_, name, before);
  append_field(after_, name, after);
}

void FieldChanges::add_password() {
  constexpr std::string_view kHidden = "***";
  append_field(before_, "password", kHidden);
  append_field(after_, "password", kHidden);
}

Result<void> insert_audit(Connection& c, const Actor& actor, const AuditNote& note) {
  const Param params[] = {param(actor.now), actor.manager.value, actor.name,     actor.address,
                          note.action,      note.target_type,    note.target_id, note.target_name,
                          note.before,      note.after};
  CHECK_OK(c.execute(kInsert, params));
  return {};
}

}  // namespace qn::store
