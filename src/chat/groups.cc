#include "chat/groups.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "chat/texts.h"
#include "chat/write_notice.h"

namespace qn::chat {
namespace {

using store::GroupPlace;
using Groups = store::GroupStore;

constexpr std::size_t kNameUnits = 50;  // UTF-16 units, as the reference counts
constexpr std::size_t kPictures = 9;

// The beginning of the text that has at most `units` UTF-16 units; a character
// is not cut in two.
std::string_view cut(std::string_view text, std::size_t units) {
  std::size_t end = 0;
  for (std::size_t used = 0; end < text.size();) {
    const auto lead = static_cast<unsigned char>(text[end]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    used += bytes == 4 ? 2 : 1;
    if (used > units) break;
    end += bytes;
  }
  return text.substr(0, end);
}

std::string joined_names(const Groups::Founders& founders) {
  std::string name = founders.owner.name();
  for (const auto& person : founders.friends) {
    if (count_utf16_units(name) >= kNameUnits) break;
    name += "、" + person.name();
  }
  return std::string(cut(name, kNameUnits));
}

std::string joined_pictures(const Groups::Founders& founders) {
  std::string pictures = founders.owner.avatar;
  for (std::size_t i = 0; i < founders.friends.size() && i + 1 < kPictures; ++i) {
    pictures += ',' + founders.friends[i].avatar;
  }
  return pictures;
}

// What the owner changed, to all members.
store::Tell<model::Group> tell_members(model::Message (*describe)(Notice, const GroupPlace&),
                                       Notice notice, GroupPlace owner, WriteMessage write) {
  return [=](const model::Group& changed) {
    GroupPlace now = owner;
    now.group = changed;
    return write_to_group(changed.id, describe(notice, now), write);
  };
}

}  // namespace

Task<Result<void>> GroupService::create(Caller caller, std::vector<FriendRowId> friends,
                                        Deadline by) {
  if (friends.empty()) co_return refused(texts::kNobodyChosen);
  CO_TRY(auto founders, co_await stores_.groups.find_founders(caller.user, std::move(friends), by));
  if (!founders || founders->friends.empty()) co_return refused(texts::kNobodyChosen);
  std::erase_if(founders->friends, [](const model::Person& p) { return !p.may_act; });
  if (founders->friends.empty()) co_return refused(texts::kNobodyLeft);
  if (founders->friends.size() >= static_cast<std::size_t>(options_.caps.members)) {
    co_return refused(texts::kGroupFull);
  }
  store::NewGroup group{.uuid = random_.uuid(),
                        .owner = caller.user,
                        .name = joined_names(*founders),
                        .avatar = joined_pictures(*founders),
                        .members = {},
                        .groups_per_user = options_.caps.groups_per_user,
                        .now = clock_.now()};
  for (const auto& person : founders->friends) group.members.push_back(person.id);
  store::Tell<model::Group> tell = [notice = notice(), owner = std::move(founders->owner),
                                    write = write_message_](const model::Group& created) {
    return write_to_group(created.id, group_created(notice, created, owner), write);
  };
  CO_TRY(const auto created, co_await stores_.groups.create(std::move(group), std::move(tell), by));
  if (!created) co_return refused(texts::kTooManyGroups);
  co_return Result<void>();
}

Task<Result<std::vector<Groups::Listed>>> GroupService::list(Caller caller, std::int64_t page,
                                                             std::int64_t limit, Deadline by) {
  const auto size = std::clamp<std::int64_t>(limit, 1, kMaxPage);
  // Beyond any number of groups; larger pages would overflow the offset.
  constexpr std::int64_t kLastPage = 1'000'000'000;
  const std::int64_t offset = (std::min(page, kLastPage) - 1) * size;
  return stores_.groups.list(caller.user, static_cast<int>(size), offset, by);
}

Task<Result<Groups::Info>> GroupService::info(Caller caller, GroupId group, Deadline by) {
  return access_.group_to_read(std::move(caller), group, by);
}

Task<Result<GroupPlace>> GroupService::group_to_announce(Caller caller, GroupId group,
                                                         std::string_view refusal, Deadline by) {
  CO_TRY(auto place, co_await access_.group_to_own(std::move(caller), group, refusal, by));
  if (!place.member) co_return refused(texts::kCannotTell);
  co_return std::move(place);
}

Task<Result<void>> GroupService::rename(Caller caller, GroupId group, std::string name,
                                        Deadline by) {
  CO_TRY(auto owner, co_await group_to_announce(caller, group, texts::kOnlyOwnerRenames, by));
  auto tell = tell_members(&group_renamed, notice(), std::move(owner), write_message_);
  CO_TRY(const bool done, co_await stores_.groups.rename(group, caller.user, std::move(name),
                                                         clock_.now(), std::move(tell), by));
  if (!done) co_return refused(texts::kOnlyOwnerRenames);
  co_return Result<void>();
}

Task<Result<void>> GroupService::set_remark(Caller caller, GroupId group, std::string remark,
                                            Deadline by) {
  CO_TRY(auto owner, co_await group_to_announce(caller, group, texts::kOnlyOwnerRemarks, by));
  auto tell = tell_members(&group_remarked, notice(), std::move(owner), write_message_);
  CO_TRY(const bool done, co_await stores_.groups.set_remark(group, caller.user, std::move(remark),
                                                             clock_.now(), std::move(tell), by));
  if (!done) co_return refused(texts::kOnlyOwnerRemarks);
  co_return Result<void>();
}

Task<Result<void>> GroupService::set_nickname(Caller caller, GroupId group, std::string nickname,
                                              Deadline by) {
  CO_TRY(const bool done, co_await stores_.groups.set_nickname(
                              group, caller.user, std::move(nickname), clock_.now(), by));
  if (!done) co_return refused(texts::kNotMemberToRename);
  co_return Result<void>();
}

Task<Result<void>> GroupService::set_policy(Caller caller, GroupId group, int invite_confirm,
                                            Deadline by) {
  CO_TRY(const bool done,
         co_await stores_.groups.set_policy(group, caller.user, invite_confirm, clock_.now(), by));
  if (!done) co_return refused(texts::kNoGroupToManage);
  co_return Result<void>();
}

Task<Result<void>> GroupService::leave(Caller caller, GroupId group, Deadline by) {
  CO_TRY(auto place, co_await access_.group_to_leave(std::move(caller), group, by));
  if (place.is_owner()) co_return co_await dissolve(std::move(place), by);
  co_return co_await quit(std::move(place), by);
}

Task<Result<void>> GroupService::dissolve(GroupPlace owner, Deadline by) {
  const GroupId group = owner.group.id;
  const UserId user = owner.user.id;
  store::Tell<Groups::Outsiders> tell = [notice = notice(), owner = std::move(owner),
                                         offset = options_.utc_offset,
                                         write = write_message_](const auto& outsiders) {
    return write_farewell(owner.group.id, outsiders, group_dissolved(notice, owner, offset), write);
  };
  CO_TRY(const bool done, co_await stores_.groups.dissolve(group, user, std::move(tell), by));
  if (!done) co_return refused(texts::kNoGroup);
  co_return Result<void>();
}

// Somebody who only waited goes unnoticed, like somebody who is refused.
Task<Result<void>> GroupService::quit(GroupPlace place, Deadline by) {
  const GroupId group = place.group.id;
  const UserId user = place.user.id;
  const Time now = clock_.now();
  store::Tell<model::Member> tell =
      [notice = notice(), place = std::move(place), offset = options_.utc_offset,
       write = write_message_](const model::Member& was) -> std::vector<store::Addressed> {
    if (was.status == 2) return {};
    GroupPlace left = place;
    left.member = was;
    return write_to_user(left.group.owner, member_quit(notice, left, offset), write);
  };
  CO_TRY(const bool done, co_await stores_.groups.quit(group, user, now, std::move(tell), by));
  if (!done) co_return refused(texts::kNotMemberToLeave);
  co_return Result<void>();
}

Task<Result<void>> GroupService::remove_member(Caller caller, GroupId group, UserId member,
                                               Deadline by) {
  const UserId owner = caller.user;
  CO_CHECK_OK(co_await access_.group_to_own(std::move(caller), group, texts::kOnlyOwnerActs, by));
  if (member == owner) co_return refused(texts::kOwnerStays);
  CO_TRY(const bool done,
         co_await stores_.groups.remove_member(group, owner, member, clock_.now(), by));
  if (!done) co_return refused(texts::kOnlyOwnerActs);
  co_return Result<void>();
}

}  // namespace qn::chat
