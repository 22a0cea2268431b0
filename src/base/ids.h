#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace qn {

// An integer that cannot be confused with another kind of id. Zero is "none":
// no stored row has it.
template <class Tag>
struct Id {
  std::int64_t value = 0;

  constexpr Id() = default;
  constexpr explicit Id(std::int64_t v) : value(v) {}
  constexpr explicit operator bool() const { return value != 0; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

using UserId = Id<struct UserTag>;
using ManagerId = Id<struct ManagerTag>;
using GroupId = Id<struct GroupTag>;
using MemberId = Id<struct MemberTag>;
using FriendRowId = Id<struct FriendRowTag>;
using ApplyId = Id<struct ApplyTag>;
using ComplaintId = Id<struct ComplaintTag>;
using AskAnswerId = Id<struct AskAnswerTag>;  // unique among one owner's
using InfoId = Id<struct InfoTag>;
using SessionRowId = Id<struct SessionRowTag>;

}  // namespace qn

template <class Tag>
struct std::hash<qn::Id<Tag>> {
  std::size_t operator()(qn::Id<Tag> id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};
