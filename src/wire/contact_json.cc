#include "wire/contact_json.h"

#include <array>
#include <vector>

#include "base/time_text.h"
#include "wire/user_json.h"

namespace qn::wire {
namespace {

constexpr std::size_t kLetters = 26;
constexpr std::size_t kBytesPerContact = 320;

using Members = std::vector<const model::Contact*>;
using Groups = std::array<Members, kLetters + 1>;

Groups group_by_letter(std::span<const model::Contact> contacts) {
  Groups groups;
  for (const auto& contact : contacts) {
    const bool is_letter = contact.initial >= 'A' && contact.initial <= 'Z';
    groups[is_letter ? contact.initial - 'A' : kLetters].push_back(&contact);
  }
  return groups;
}

char title_of(std::size_t group) {
  return group == kLetters ? '#' : static_cast<char>('A' + group);
}

void append_number(std::string& out, std::string_view key, std::int64_t value) {
  out.append(key).append(std::to_string(value));
}

void append_text(std::string& out, std::string_view key, std::string_view value) {
  out.append(key);
  append_json_string(out, value);
}

void append_contact(std::string& out, const model::Contact& contact) {
  append_number(out, R"({"id":)", contact.id.value);
  append_text(out, R"(,"beizhu":)", contact.remark);
  append_text(out, R"(,"username":)", contact.username);
  append_text(out, R"(,"avatar":)", contact.avatar);
  append_text(out, R"(,"friend_nickname":)", contact.nickname);
  append_number(out, R"(,"friend_id":)", contact.friend_id.value);
  append_text(out, R"(,"name":)", contact.name());
  append_text(out, R"(,"uuid":)", contact.uuid);
  out += '}';
}

void append_group(std::string& out, char title, const Members& members) {
  out.append(R"({"title":")").append(1, title).append(R"(","list":[)");
  for (const auto* member : members) {
    append_contact(out, *member);
    out += ',';
  }
  out.back() = ']';
  out += '}';
}

json::object settings_flags(const model::FriendSettings& settings) {
  return {{"friendlookme", int{settings.friend_looks_at_me}},
          {"melookfriend", int{settings.i_look_at_friend}},
          {"ismystarfriend", int{settings.is_star}},
          {"isblack", int{settings.is_black}}};
}

void append_all(json::object& row, json::object more) {
  for (auto& [key, value] : more) row.emplace(key, std::move(value));
}

}  // namespace

std::string contact_list(std::span<const model::Contact> contacts) {
  std::string out = R"({"count":)" + std::to_string(contacts.size()) + R"(,"rows":)";
  if (contacts.empty()) return out + "[]}";
  out.reserve(out.size() + contacts.size() * kBytesPerContact);
  std::string index;
  int total = 0;
  out += R"({"newList":[)";
  const Groups groups = group_by_letter(contacts);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].empty()) continue;
    append_group(out, title_of(i), groups[i]);
    out += ',';
    index.append({'"', title_of(i), '"', ','});
    ++total;
  }
  out.back() = ']';
  index.pop_back();
  out.append(R"(,"indexList":[)").append(index).append("]");
  append_number(out, R"(,"total":)", total);
  return out.append("}}");
}

json::object apply_entry(const model::ApplyEntry& entry, std::chrono::minutes utc_offset) {
  const auto& apply = entry.apply;
  const auto& user = entry.applicant;
  json::object row = {{"create_time", local_time(apply.create_time, utc_offset)},
                      {"id", apply.id.value},
                      {"user_id", apply.applicant.value},
                      {"friend_id", apply.addressee.value},
                      {"nickname", apply.text}};
  append_all(row, settings_flags(apply.settings));
  append_all(row, {{"status", to_string(apply.status)},
                   {"order", apply.order},
                   {"update_time", iso_utc(apply.update_time)},
                   {"userId", apply.applicant.value},
                   {"user", json::object{{"id", user.id.value},
                                         {"username", user.username},
                                         {"avatar", user.avatar},
                                         {"nickname", user.nickname},
                                         {"uuid", user.uuid}}}});
  return row;
}

json::object apply_row(const model::Apply& apply) {
  json::object row = {{"id", apply.id.value},
                      {"user_id", apply.applicant.value},
                      {"friend_id", apply.addressee.value},
                      {"nickname", apply.text}};
  append_all(row, settings_flags(apply.settings));
  append_all(row, {{"status", to_string(apply.status)}, {"userId", apply.applicant.value}});
  return row;
}

json::object friend_row(const model::Friend& found) {
  json::object row = {{"id", found.id.value},
                      {"user_id", found.owner.value},
                      {"friend_id", found.friend_id.value},
                      {"nickname", found.remark}};
  append_all(row, settings_flags(found.settings));
  row.emplace("status", found.status);
  return row;
}

json::object friend_profile(const model::FriendProfile& found) {
  const auto& user = found.profile.user;
  const json::object info = {{"id", user.id.value},
                             {"username", user.username},
                             {"avatar", user.avatar},
                             {"nickname", user.nickname},
                             {"role", model::to_string(user.role)},
                             {"status", static_cast<int>(user.status)},
                             {"userinfo", user_info(found.profile.info)}};
  return {{"id", found.row.id.value},
          {"user_id", found.row.owner.value},
          {"friend_id", found.row.friend_id.value},
          {"nickname", found.row.remark},
          {"friendinfo", info}};
}

}  // namespace qn::wire
