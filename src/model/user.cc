#include "model/user.h"

namespace qn::model {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::kUser:
      return "user";
    case Role::kVisitor:
      return "visitor";
    case Role::kAdmin:
      return "admin";
  }
  return "admin";
}

Role role_from(std::string_view text) {
  if (text == "user") return Role::kUser;
  if (text == "visitor") return Role::kVisitor;
  return Role::kAdmin;
}

}  // namespace qn::model
