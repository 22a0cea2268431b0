#include "console/pages/mutes.h"

#include <array>

#include "console/common_actions.h"
#include "console/pages/chat_users.h"
#include "console/pages/handlers.h"

// Muting: of a user everywhere, of a member in one group.
namespace qn::console {
namespace {

constexpr std::string_view kUsers = "/admin/chatuser";
constexpr std::string_view kGroups = "/admin/chatgroup";
// The last moment that four digits can say the year of.
constexpr Time kForever{Millis(253'402'300'799'000)};

struct Span {
  std::string_view value;
  Label label;
  std::chrono::minutes length;  // none: for ever
};
constexpr std::array kSpans = {
    Span{"10m", "10 分钟", std::chrono::minutes(10)}, Span{"1h", "1 小时", std::chrono::hours(1)},
    Span{"1d", "1 天", std::chrono::days(1)},         Span{"7d", "7 天", std::chrono::days(7)},
    Span{"forever", "永久", std::chrono::minutes(0)},
};
constexpr std::string_view kUsual = "1h";

constexpr wire::Rule kMute[] = {
    {.name = "span", .required = true, .in = "10m|1h|1d|7d|forever", .desc = "禁言时长"}};

Time until_of(std::string_view value, Time now) {
  for (const auto& span : kSpans) {
    if (span.value == value && span.length.count() > 0) return now + span.length;
  }
  return kForever;
}

FormPage mute_form(Phrase title, std::string action, std::string back) {
  FormPage form{.title = std::move(title), .action = std::move(action)};
  Field field{.label = "禁言时长",
              .type = FieldType::kButtonGroup,
              .name = "span",
              .value = std::string(kUsual),
              .required = true,
              .hint = "禁言期间对方不能发送消息，仍可以接收消息"};
  for (const auto& span : kSpans) {
    field.choices.push_back({std::string(span.value), span.label});
  }
  form.fields.push_back(std::move(field));
  form.success_url = std::move(back);
  form.is_edit = true;
  return form;
}

NoticePage ask_unmute(std::string name, Action yes, std::string back) {
  return question("解除禁言", Phrase("确定要解除 {} 的禁言吗？", {std::move(name)}), std::move(yes),
                  std::move(back));
}

// One member of a group, as the address names it.
struct Place {
  explicit Place(const AdminRequest& request) : group(request.id()), user(request.id("user")) {}

  std::string whom() const {
    return std::to_string(group.value) + '/' + std::to_string(user.value);
  }
  std::string url(std::string_view page) const {
    return std::string(kGroups) + '/' + std::string(page) + '/' + whom();
  }
  std::string members() const {
    return std::string(kGroups) + "/members/" + std::to_string(group.value);
  }

  GroupId group;
  UserId user;
};

Error no_such_member() {
  return {ErrorCode::kNotFound, "该成员不存在", "no such member"};
}

}  // namespace

bool is_muted(const std::optional<Time>& until, Time now) {
  return until && *until > now;
}

Cell muted_cell(const std::optional<Time>& until, Time now) {
  if (!is_muted(until, now)) return LabelCell{Label("未禁言")};
  if (*until >= kForever) return BadgesCell{{{"永久禁言", Tone::kBad}}};
  return TimeCell{until};
}

Action mute_action(std::string_view section, const std::string& whom, bool is_muted) {
  const std::string base(section);
  if (!is_muted) {
    return {.text = "设置禁言", .url = base + "/mute/" + whom, .icon = "fa fa-microphone-slash"};
  }
  return {.text = "解除禁言",
          .url = base + "/unmute/" + whom,
          .icon = "fa fa-microphone",
          .tone = Tone::kGood,
          .confirm = Confirm{"解除禁言", Label("确定要解除禁言吗？")}};
}

AnswerTask mute_user_form(Console& console, AdminRequest& request) {
  const UserId id(request.id());
  CO_TRY(const auto user, co_await console.services.users.find(id, request.by));
  if (!user) co_return no_such_user();
  co_return Page(mute_form(Phrase("禁言用户 {}", {user->username}), user_url("mute", id),
                           user_url("show", id)));
}

AnswerTask mute_user(Console& console, AdminRequest& request) {
  CO_TRY(const auto in, request.validate(kMute));
  const UserId id(request.id());
  const Time until = until_of(in.text("span"), console.services.clock.now());
  CO_TRY(const bool done,
         co_await console.services.users.mute(request.op(), id, until, request.by));
  if (!done) co_return no_such_user();
  co_return Done{"已禁言", user_url("show", id), {Flash::Kind::kMuted}};
}

AnswerTask ask_unmute_user(Console& console, AdminRequest& request) {
  const UserId id(request.id());
  CO_TRY(const auto user, co_await console.services.users.find(id, request.by));
  if (!user) co_return no_such_user();
  co_return Page(ask_unmute(user->username, mute_action(kUsers, std::to_string(id.value), true),
                            user_url("show", id)));
}

AnswerTask unmute_user(Console& console, AdminRequest& request) {
  const UserId id(request.id());
  CO_TRY(const bool done,
         co_await console.services.users.mute(request.op(), id, std::nullopt, request.by));
  if (!done) co_return no_such_user();
  co_return Done{"已解除禁言", user_url("show", id), {Flash::Kind::kUnmuted}};
}

AnswerTask mute_member_form(Console& console, AdminRequest& request) {
  const Place place(request);
  CO_TRY(const auto member,
         co_await console.services.groups.find_member(place.group, place.user, request.by));
  if (!member) co_return no_such_member();
  co_return Page(
      mute_form(Phrase("禁言群成员 {}", {member->name()}), place.url("mute"), place.members()));
}

AnswerTask mute_member(Console& console, AdminRequest& request) {
  CO_TRY(const auto in, request.validate(kMute));
  const Place place(request);
  const Time until = until_of(in.text("span"), console.services.clock.now());
  CO_TRY(const bool done, co_await console.services.groups.mute_member(
                              request.op(), place.group, place.user, until, request.by));
  if (!done) co_return no_such_member();
  co_return Done{"已禁言", place.members(), {Flash::Kind::kMuted}};
}

AnswerTask ask_unmute_member(Console& console, AdminRequest& request) {
  const Place place(request);
  CO_TRY(const auto member,
         co_await console.services.groups.find_member(place.group, place.user, request.by));
  if (!member) co_return no_such_member();
  co_return Page(
      ask_unmute(member->name(), mute_action(kGroups, place.whom(), true), place.members()));
}

AnswerTask unmute_member(Console& console, AdminRequest& request) {
  const Place place(request);
  CO_TRY(const bool done, co_await console.services.groups.mute_member(
                              request.op(), place.group, place.user, std::nullopt, request.by));
  if (!done) co_return no_such_member();
  co_return Done{"已解除禁言", place.members(), {Flash::Kind::kUnmuted}};
}

}  // namespace qn::console
