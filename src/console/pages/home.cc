#include <array>

#include "console/cookies.h"
#include "console/html_reply.h"
#include "console/pages/handlers.h"
#include "console/units.h"

// The home page and small services of every page.
namespace qn::console {
namespace {

constexpr int kDays = 30;

struct Plot {
  Label title;
  std::string_view figure;
  Chart::Unit unit = Chart::Unit::kCount;
};
constexpr std::array kPlots = {
    Plot{"每日新增用户", "new_users"},
    Plot{"每日活跃用户", "active_users"},
    Plot{"每日消息", "messages"},
    Plot{"用户总数", "users"},
    Plot{"存储占用", "upload_bytes", Chart::Unit::kBytes},
};

std::vector<FigureBox> boxes(const chat::Figures::Now& now, const chat::Online::Count& online) {
  const auto note = [](Label label, std::int64_t n) { return Phrase(label, {grouped(n)}); };
  return {
      {.label = "注册用户",
       .value = grouped(now.users),
       .icon = "fa fa-users",
       .tone = Tone::kInfo,
       .url = "/admin/chatuser?role=user",
       .note = note("今日新增 {}", now.new_users)},
      {.label = "游客",
       .value = grouped(now.visitors),
       .icon = "fa fa-user-o",
       .url = "/admin/chatuser?role=visitor"},
      {.label = "在线人数",
       .value = grouped(online.users),
       .icon = "fa fa-signal",
       .tone = Tone::kGood,
       .url = "/admin/online/index",
       .note = note("今日活跃 {}", now.active_users)},
      {.label = "今日消息",
       .value = grouped(now.messages),
       .icon = "fa fa-envelope-o",
       .tone = Tone::kInfo,
       .url = "/admin/message/index"},
      {.label = "已禁用",
       .value = grouped(now.disabled),
       .icon = "fa fa-ban",
       .tone = Tone::kWarn,
       .url = "/admin/chatuser?status=0"},
      {.label = "存储占用",
       .value = bytes_text(now.upload_bytes),
       .icon = "fa fa-database",
       .note = note("{} 个文件", now.uploads)},
  };
}

// 2026-11-22 → 11-22
std::string month_and_day(const std::string& day) {
  return day.size() == 10 ? day.substr(5) : day;
}

}  // namespace

AnswerTask home(Console& console, AdminRequest& request) {
  CO_TRY(const auto now, co_await console.services.figures.now(request.by));
  HomePage page;
  page.welcome = Label("管理员，欢迎您！");
  page.figures = boxes(now, console.services.online.count());
  for (const auto& plot : kPlots) {
    CO_TRY(const auto days,
           co_await console.services.figures.history(std::string(plot.figure), kDays, request.by));
    Chart chart{.title = plot.title, .points = {}, .unit = plot.unit};
    for (const auto& day : days) chart.points.emplace_back(month_and_day(day.day), day.value);
    page.charts.push_back(std::move(chart));
  }
  page.facts = {{"服务版本", TextCell{console.options.version}}};
  co_return Page(std::move(page));
}

AnswerTask start(Console& console, AdminRequest& request) {
  std::string to = return_path(request.http);
  if (to.empty()) to = console.menu.first_page(request.op().manager);
  if (to.empty()) to = "/admin";
  auto reply = go_to(302, to, {});
  reply.headers.emplace_back("Set-Cookie", no_return_cookie());
  co_return reply;
}

AnswerTask preferences(Console&, AdminRequest& request) {
  const std::string back(request.asked("back"));
  auto reply = go_to(302, is_console_path(back) ? back : "/admin", {});
  const auto lang = request.asked("lang");
  if (lang == "zh" || lang == "en") {
    reply.headers.emplace_back("Set-Cookie", preference_cookie("qn_lang", lang));
  }
  const auto theme = request.asked("theme");
  if (theme == "auto" || theme == "light" || theme == "dark") {
    reply.headers.emplace_back("Set-Cookie", preference_cookie("qn_theme", theme));
  }
  co_return reply;
}

}  // namespace qn::console
