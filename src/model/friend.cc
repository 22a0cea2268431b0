#include "model/friend.h"

namespace qn::model {

std::string_view to_string(ApplyStatus status) {
  switch (status) {
    case ApplyStatus::kPending:
      return "pending";
    case ApplyStatus::kRefuse:
      return "refuse";
    case ApplyStatus::kAgree:
      return "agree";
    case ApplyStatus::kIgnore:
      break;
  }
  return "ignore";
}

ApplyStatus apply_status_from(std::string_view text) {
  if (text == "pending") return ApplyStatus::kPending;
  if (text == "refuse") return ApplyStatus::kRefuse;
  if (text == "agree") return ApplyStatus::kAgree;
  return ApplyStatus::kIgnore;
}

}  // namespace qn::model
