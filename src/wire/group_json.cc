#include "wire/group_json.h"

#include <string_view>

#include "base/time_text.h"
#include "wire/object_writer.h"

namespace qn::wire {
namespace {

// A member with the keys around takes about so much.
constexpr std::size_t kMemberBytes = 400;
constexpr std::size_t kIdBytes = 24;

void append_person(std::string& out, const model::Person& person) {
  ObjectWriter(out)
      .number("id", person.id.value)
      .text("username", person.username)
      .text("avatar", person.avatar)
      .text("nickname", person.nickname)
      .text("uuid", person.uuid)
      .text("role", model::to_string(person.role))
      .end();
}

void append_member(std::string& out, const model::GroupMember& m, std::chrono::minutes utc_offset) {
  ObjectWriter writer(out);
  writer.text("create_time", local_time(m.member.create_time, utc_offset))
      .number("id", m.member.id.value)
      .number("group_id", m.member.group.value)
      .number("user_id", m.member.user.value)
      .text("nickname", m.member.nickname)
      .text("avatar", m.member.avatar)
      .number("status", m.member.status)
      .number("order", m.member.order)
      .number("groupId", m.member.group.value);
  append_person(writer.begin("user"), m.user);
  writer.end();
}

void append_id(std::string& out, const model::GroupMember& m, std::chrono::minutes) {
  ObjectWriter(out).number("user_id", m.member.user.value).end();
}

using AppendMember = void (*)(std::string&, const model::GroupMember&, std::chrono::minutes);

std::string info(const model::Group& group, const std::vector<model::GroupMember>& members,
                 std::chrono::minutes utc_offset, AppendMember append, std::size_t bytes) {
  std::string out = to_json(group_row(group, utc_offset));
  out.reserve(out.size() + members.size() * bytes + 64);
  out.back() = ',';  // instead of the brace that ends the row
  out += "\"group_users\":[";
  for (const auto& member : members) {
    append(out, member, utc_offset);
    out += ',';
  }
  if (!members.empty()) out.pop_back();
  return out += "]}";
}

}  // namespace

json::object group_row(const model::Group& g, std::chrono::minutes utc_offset) {
  return {{"create_time", local_time(g.create_time, utc_offset)},
          {"id", g.id.value},
          {"uuid", g.uuid},
          {"user_id", g.owner.value},
          {"name", g.name},
          {"avatar", g.avatar},
          {"remark", g.remark},
          {"invite_confirm", g.invite_confirm},
          {"status", g.status},
          {"order", g.order}};
}

json::object listed_group(const model::Group& group, const model::Member& mine,
                          std::chrono::minutes utc_offset) {
  json::object row = group_row(group, utc_offset);
  row["group_users"] = json::array{json::object{{"group_id", mine.group.value},
                                                {"user_id", mine.user.value},
                                                {"nickname", mine.nickname},
                                                {"avatar", mine.avatar}}};
  return row;
}

std::string group_info(const model::Group& group, const std::vector<model::GroupMember>& members,
                       std::chrono::minutes utc_offset) {
  return info(group, members, utc_offset, &append_member, kMemberBytes);
}

std::string group_info_for_outsiders(const model::Group& group,
                                     const std::vector<model::GroupMember>& members,
                                     std::chrono::minutes utc_offset) {
  return info(group, members, utc_offset, &append_id, kIdBytes);
}

}  // namespace qn::wire
