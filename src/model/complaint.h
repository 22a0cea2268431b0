#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "model/person.h"

namespace qn::model {

// `status` of a complaint; its author may change it only while it is pending.
enum class ComplaintStatus { kPending = 0, kProcessing = 1, kHandled = 2, kClosed = 3 };

// Whom a complaint is about: target_id is a group's or a user's.
enum class ComplaintTarget { kGroup, kSingle };

inline std::string_view to_string(ComplaintTarget target) {
  return target == ComplaintTarget::kGroup ? "group" : "single";
}
inline std::optional<ComplaintTarget> complaint_target_from(std::string_view text) {
  if (text == "group") return ComplaintTarget::kGroup;
  if (text == "single") return ComplaintTarget::kSingle;
  return std::nullopt;
}

// A complaint (contract: chat-rules-and-tables.md, table chat_complaint).
struct Complaint {
  ComplaintId id;
  UserId user;                   // who complains
  std::optional<Person> author;  // the same, unless the row is gone
  ComplaintTarget target_type = ComplaintTarget::kSingle;
  std::int64_t target_id = 0;
  std::string target_name;  // as the author wrote it
  std::string reason;
  std::string content;
  std::vector<std::string> images;  // addresses
  std::string quotes;               // JSON array of quoted messages; for operators only
  ComplaintStatus status = ComplaintStatus::kPending;
  std::optional<std::string> admin_reply;
  Time create_time;
  Time update_time;
};

}  // namespace qn::model
