#include <gtest/gtest.h>

#include <regex>

#include "console/page.h"
#include "console/views.h"

namespace qn::console {
namespace {

Shell shell_of(Language language = Language::kChinese) {
  Shell shell;
  shell.manager = Shell::Who{.name = "boss", .super = true};
  shell.csrf = "token<1>";
  shell.path = "/admin/chatuser?page=2&keyword=a b";
  shell.language = language;
  return shell;
}

bool has(const std::string& html, std::string_view part) {
  return html.find(part) != std::string::npos;
}

std::size_t times(const std::string& html, std::string_view part) {
  std::size_t n = 0;
  for (auto at = html.find(part); at != std::string::npos; at = html.find(part, at + 1)) ++n;
  return n;
}

TablePage list_of(std::vector<Row> rows) {
  TablePage page{.title = Label("即时通讯用户列表"), .path = "/admin/chatuser"};
  page.table.columns = {{.title = "即时通讯用户账号"},
                        {.title = "可用状态", .width = "200", .align = Align::kCenter}};
  page.table.rows = std::move(rows);
  return page;
}

std::string draw(Page page, const Shell& shell = shell_of()) {
  return render(page, shell);
}

std::string draw_cell(Cell cell) {
  Row row;
  row.cells.push_back(std::move(cell));
  return draw(list_of({std::move(row)}));
}

std::string draw_field(Field field) {
  FormPage form{.title = Label("修改管理员"), .action = "/admin/x", .success_url = "/admin/y"};
  form.fields.push_back(std::move(field));
  return draw(std::move(form));
}

// --- The frame ---------------------------------------------------------------

TEST(RenderFrame, HasTheSeedsWords) {
  const auto html = draw(list_of({}));
  EXPECT_TRUE(has(html, "<title>网站后台- 即时通讯用户列表</title>"));
  EXPECT_TRUE(has(html, "<h1>即时通讯用户列表</h1>"));
  EXPECT_TRUE(has(html, "<a href=\"/admin\">后台首页</a>"));
  for (const std::string_view words :
       {"后台管理中心", "修改资料", "退出登录", "返回上一页", "title=\"点击返回上一页\"",
        "fa fa-arrow-left", "href=\"/admin/profile\"", "href=\"/admin/logout\""}) {
    EXPECT_TRUE(has(html, words)) << words;
  }
}

TEST(RenderFrame, CarriesTheTokenEscaped) {
  EXPECT_TRUE(has(draw(list_of({})), "<meta name=\"csrf-token\" content=\"token&lt;1&gt;\">"));
}

TEST(RenderFrame, MarksTheCurrentPageInTheMenu) {
  auto shell = shell_of();
  shell.menu = {{Label("网站"),
                 "fa fa-chrome",
                 "",
                 false,
                 {{Label("主面板"), "fa fa-pie-chart", "/admin", true, {}},
                  {Label("管理员"), "fe fe-user-plus", "/admin/manager/index", false, {}}}}};
  const auto html = draw(list_of({}), shell);
  EXPECT_TRUE(has(html, "href=\"/admin\" aria-current=\"page\""));
  EXPECT_TRUE(has(html, "fa fa-user-plus"));
  EXPECT_EQ(times(html, "aria-current=\"page\""), 2u);  // and the breadcrumb
}

TEST(RenderFrame, NamesOfTheMenuFileAreTranslatedWhenTheyAreOurs) {
  auto shell = shell_of(Language::kEnglish);
  shell.menu = {{Phrase::data("主面板"), "", "/admin", false, {}},
                {Phrase::data("自定义"), "", "/admin/own", false, {}}};
  const auto html = draw(list_of({}), shell);
  EXPECT_TRUE(has(html, "<span>Dashboard</span>"));
  EXPECT_TRUE(has(html, "<span>自定义</span>"));
}

TEST(RenderFrame, OffersLanguageAndThemeWithTheWayBack) {
  const auto html = draw(list_of({}));
  const std::string back = "&amp;back=%2Fadmin%2Fchatuser%3Fpage%3D2%26keyword%3Da%20b";
  EXPECT_TRUE(has(html, "/admin/preferences?lang=en" + back));
  EXPECT_TRUE(has(html, "/admin/preferences?theme=dark" + back));
}

TEST(RenderFrame, AFixedThemeNeedsNoScript) {
  auto shell = shell_of();
  EXPECT_FALSE(has(draw(list_of({}), shell), "data-bs-theme"));
  shell.theme = Theme::kDark;
  EXPECT_TRUE(has(draw(list_of({}), shell), "data-bs-theme=\"dark\""));
}

TEST(RenderFrame, ShowsTheToast) {
  auto shell = shell_of();
  shell.toast = Toast{Label("删除成功"), Tone::kGood};
  EXPECT_TRUE(has(draw(list_of({}), shell), "alert alert-success"));
  EXPECT_TRUE(has(draw(list_of({}), shell), "删除成功"));
}

TEST(RenderFrame, HasNothingTheContentPolicyForbids) {
  const auto html = draw(list_of({}));
  EXPECT_FALSE(has(html, "style=\""));
  EXPECT_FALSE(has(html, "<style"));
  EXPECT_FALSE(std::regex_search(html, std::regex("<script(?! (src|type=\"module\" src)=)")));
  EXPECT_FALSE(std::regex_search(html, std::regex(" on[a-z]+=\"")));
}

// --- Cells -------------------------------------------------------------------

TEST(RenderCell, HostileTextIsTextEverywhere) {
  const std::string evil = "<script>alert(1)</script>{{7*7}}\"><img onerror=x>";
  PersonCell person{.avatar = evil, .name = evil, .lines = {Phrase(Label("昵称：{}"), {evil})}};
  person.badges = {{"用户", Tone::kInfo}};
  TablePage page = list_of({});
  page.search = Search{.placeholder = "搜索账号、昵称或 id", .value = evil};
  page.query = {{"keyword", evil}};
  page.pager = Pager{.page = 2, .total = 100};
  Row row;
  row.cells = {person, TextCell{evil, evil}, ChangesCell{{{evil, evil, evil}}}};
  row.actions = {{.text = "删除",
                  .url = "/admin/chatuser/delete/1",
                  .confirm = Confirm{.text = Phrase(Label("确定要删除管理员 {} 吗？"), {evil})}}};
  page.table.rows = {row};
  page.table.has_actions = true;
  auto shell = shell_of();
  shell.manager->name = evil;
  shell.manager->avatar = evil;
  shell.path = "/admin?" + evil;
  shell.toast = Toast{Phrase::data(evil)};
  const auto html = render(Page(page), shell);
  EXPECT_FALSE(has(html, "<script>"));
  EXPECT_FALSE(has(html, "<img onerror"));
  EXPECT_TRUE(has(html, "{{7*7}}"));
  EXPECT_GE(times(html, "&lt;script&gt;alert(1)&lt;/script&gt;"), 9u);
}

TEST(RenderCell, AvatarsComeFromTheWebOrFromUs) {
  EXPECT_EQ(avatar_url("https://example.org/a.png"), "https://example.org/a.png");
  EXPECT_EQ(avatar_url("/public/chat/user.jpg"), "/public/chat/user.jpg");
  EXPECT_EQ(avatar_url("/public/uploads/a/b.png"), "/public/uploads/a/b.png.avatar.webp");
  EXPECT_EQ(avatar_url("/public/uploads/a/b.mp4"), "/public/uploads/a/b.mp4");
  for (const std::string_view bad :
       {"", "javascript:alert(1)", "data:text/html,x", "//evil.example/a.png", "/admin/logout",
        "/public/../admin/logout", "/public/%2e%2e/admin/logout", "/public/..\\admin"}) {
    EXPECT_TRUE(avatar_url(bad).starts_with("/admin/assets/person.")) << bad;
  }
}

TEST(RenderCell, APersonHasPictureNameAndLines) {
  const auto html = draw_cell(PersonCell{.avatar = "https://example.org/a.png",
                                         .name = "alice",
                                         .url = "/admin/chatuser/show/7",
                                         .lines = {Phrase(Label("id:{}"), {"7"}), Phrase()},
                                         .badges = {{"游客", Tone::kInfo}}});
  for (const std::string_view part :
       {"table-avatar", "class=\"avatar avatar-sm mr-2\"", "avatar-img rounded-circle",
        "alt=\"User Image\"", "src=\"https://example.org/a.png\"", "loading=\"lazy\"",
        "referrerpolicy=\"no-referrer\"", "<bdi>alice</bdi>", "dir=\"auto\">id:7</span>",
        "badge tone-info\">游客"}) {
    EXPECT_TRUE(has(html, part)) << part;
  }
  EXPECT_EQ(times(html, "person-line"), 1u);
}

TEST(RenderCell, AToggleLightsTheStoredValue) {
  const auto html = draw_cell(ToggleCell{.id = 12, .value = 0, .model = "User"});
  EXPECT_TRUE(has(html, "class=\"btn-group btn-group-12\""));
  EXPECT_TRUE(has(html, "btn-light\" name=\"keyvalue\" value=\"1\" aria-pressed=\"false\">启用"));
  EXPECT_TRUE(has(html, "btn-success\" name=\"keyvalue\" value=\"0\" aria-pressed=\"true\">禁用"));
  EXPECT_TRUE(has(html, "action=\"/admin/commonUpdateById\""));
  EXPECT_TRUE(has(html, "name=\"model\" value=\"User\""));
  EXPECT_TRUE(has(html, "name=\"back\" value=\"/admin/chatuser?page=2&amp;keyword=a b\""));
}

TEST(RenderCell, ALockedUserLightsNeitherButton) {
  EXPECT_FALSE(has(draw_cell(ToggleCell{.id = 1, .value = 2}), "btn-success"));
}

TEST(RenderCell, TimesAreInTheServersZone) {
  const auto html = draw_cell(TimeCell{time_from_millis(1'760'000'000'000)});
  EXPECT_TRUE(has(html, "<time datetime=\"2025-10-09T08:53:20.000Z\">"));
  EXPECT_TRUE(has(html, "<span>2025-10-09</span> <span class=\"clock\">16:53:20</span>"));
  EXPECT_TRUE(has(draw_cell(TimeCell{}), "从未"));
}

TEST(RenderCell, ChangesShowBeforeAndAfter) {
  const auto html = draw_cell(ChangesCell{{{"nickname", "a", "b"}, {"avatar", "", "c"}}});
  EXPECT_TRUE(has(html, "<del dir=\"auto\">a</del>"));
  EXPECT_TRUE(has(html, "<ins dir=\"auto\">b</ins>"));
  EXPECT_EQ(times(html, "<del"), 1u);
}

// --- Tables ------------------------------------------------------------------

std::vector<std::string> pager_of(int page, std::int64_t total, int limit = 10) {
  TablePage list = list_of({});
  list.pager = Pager{page, limit, total};
  list.query = {{"keyword", "a b&c"}};
  const auto html = draw(list);
  const std::regex item(
      "page-link\" (?:href=\"[^\"]*\"(?: aria-current=\"page\")?|aria-hidden="
      "\"true\")>([^<]*)<");
  std::vector<std::string> out;
  for (std::sregex_iterator at(html.begin(), html.end(), item), end; at != end; ++at) {
    out.push_back((*at)[1]);
  }
  return out;
}

using Items = std::vector<std::string>;

TEST(RenderPager, LeavesOutWhatIsFarAway) {
  EXPECT_EQ(pager_of(1, 30), (Items{"1", "2", "3"}));
  EXPECT_EQ(pager_of(1, 1000), (Items{"1", "2", "3", "&hellip;", "100"}));
  EXPECT_EQ(pager_of(50, 1000),
            (Items{"1", "&hellip;", "48", "49", "50", "51", "52", "&hellip;", "100"}));
  EXPECT_EQ(pager_of(100, 1000), (Items{"1", "&hellip;", "98", "99", "100"}));
  EXPECT_EQ(pager_of(4, 60), (Items{"1", "2", "3", "4", "5", "6"}));
  EXPECT_EQ(pager_of(1, 0), Items{});
  EXPECT_EQ(pager_of(5'000'000, 100'000'000).size(), 9u);
}

TEST(RenderPager, LinksKeepTheQuery) {
  TablePage list = list_of({});
  list.pager = Pager{.page = 2, .limit = 20, .total = 100};
  list.query = {{"keyword", "a b&c"}, {"role", "user"}};
  const auto html = draw(list);
  EXPECT_TRUE(has(html, "href=\"?page=3&amp;limit=20&amp;keyword=a%20b%26c&amp;role=user\""));
  EXPECT_EQ(times(html, "rel=\"prev\""), 1u);
  EXPECT_EQ(times(html, "rel=\"next\""), 1u);
}

TEST(RenderPager, HasNoLinkToPageZero) {
  TablePage list = list_of({});
  list.pager = Pager{.page = 1, .total = 0};
  const auto html = draw(list);
  EXPECT_FALSE(has(html, "?page=0"));
  EXPECT_FALSE(has(html, "rel=\"prev\""));
  EXPECT_FALSE(has(html, "rel=\"next\""));
  EXPECT_EQ(times(html, "page-item disabled"), 2u);
}

TEST(RenderTable, SaysWhenThereIsNothing) {
  EXPECT_TRUE(has(draw(list_of({})), "暂无数据"));
}

TEST(RenderTable, ColumnsSortBothWays) {
  TablePage list = list_of({});
  list.table.columns.push_back({.title = "创建时间", .sort = "created"});
  list.sort = "created";
  list.query = {{"sort", "created"}, {"role", "user"}};
  EXPECT_TRUE(has(draw(list), "?page=1&amp;limit=10&amp;role=user&amp;sort=-created"));
  EXPECT_TRUE(has(draw(list), "aria-sort=\"ascending\""));
  list.sort = "-created";
  EXPECT_TRUE(has(draw(list), "?page=1&amp;limit=10&amp;role=user&amp;sort=created"));
}

TEST(RenderTable, TheSearchFormKeepsWhatItDoesNotAskFor) {
  TablePage list = list_of({});
  list.search = Search{.placeholder = "搜索账号、昵称或 id", .value = "x"};
  list.filters = {{"role", "全部角色", {{"user", Label("用户")}}, "user"}};
  list.query = {{"keyword", "x"}, {"role", "user"}, {"sort", "created"}};
  list.pager = Pager{.limit = 50};
  const auto html = draw(list);
  EXPECT_TRUE(has(html, "type=\"hidden\" name=\"sort\" value=\"created\""));
  EXPECT_TRUE(has(html, "type=\"hidden\" name=\"limit\" value=\"50\""));
  EXPECT_FALSE(has(html, "type=\"hidden\" name=\"role\""));
  EXPECT_TRUE(has(html, "<option value=\"user\" selected>"));
}

TEST(RenderTable, ActionsWithAQuestionAreLinksThatAsk) {
  Row row;
  row.cells = {TextCell{"x"}};
  row.actions = {{.text = "删除", .url = "/admin/chatuser/delete/7", .confirm = Confirm{}}};
  TablePage list = list_of({row});
  list.table.has_actions = true;
  EXPECT_TRUE(has(draw(list),
                  "href=\"/admin/chatuser/delete/7\" data-confirm=\"确定要删除吗？\" "
                  "data-confirm-title=\"确认删除\""));
}

TEST(RenderTable, BulkActionsHaveBoxes) {
  Row row;
  row.id = 7;
  row.cells = {TextCell{"x"}};
  TablePage list = list_of({row});
  EXPECT_FALSE(has(draw(list), "ids[]"));
  list.bulk_url = "/admin/chatuser/bulk";
  list.bulk = {{.text = "删除", .value = "delete", .confirm = Confirm{}}};
  const auto html = draw(list);
  EXPECT_TRUE(has(html, "name=\"ids[]\" value=\"7\" form=\"bulk\""));
  EXPECT_TRUE(has(html, "name=\"action\" value=\"delete\" data-confirm="));
}

// --- Forms -------------------------------------------------------------------

TEST(RenderField, TextHasItsLimitsAndPlaceholder) {
  const auto html = draw_field({.label = "管理员账号",
                                .name = "username",
                                .placeholder = "请输入管理员账号",
                                .value = "\"><b>",
                                .required = true,
                                .min_length = 4,
                                .max_length = 20});
  EXPECT_TRUE(has(html, "value=\"&quot;&gt;&lt;b&gt;\""));
  EXPECT_TRUE(has(html, "placeholder=\"请输入管理员账号...\""));
  EXPECT_TRUE(has(html, "minlength=\"4\" maxlength=\"20\" required"));
  EXPECT_TRUE(has(html, "autocomplete=\"off\""));
  EXPECT_TRUE(has(html, ">提 交</button>"));
}

TEST(RenderField, ATextareaCannotBeLeft) {
  const auto html = draw_field({.label = "个人简介",
                                .type = FieldType::kTextarea,
                                .name = "about",
                                .value = "\n</textarea><script>"});
  EXPECT_TRUE(has(html, ">\n\n&lt;/textarea&gt;&lt;script&gt;</textarea>"));
}

TEST(RenderField, AFileIsAnAddressWithoutScripts) {
  const auto html = draw_field({.label = "管理员头像",
                                .type = FieldType::kFile,
                                .name = "avatar",
                                .value = "/public/a.png"});
  EXPECT_TRUE(has(html, "data-upload=\"/uploadStreamSingleToServerDiy/adminImg\""));
  EXPECT_TRUE(has(html,
                  "<noscript><input class=\"form-control\" type=\"text\" name=\"avatar\" "
                  "value=\"/public/a.png\""));
}

TEST(RenderField, ChoicesStartWithTheStoredValue) {
  const std::vector<Choice> choices = {{"1", Label("启用")}, {"0", Label("禁用")}};
  Field field{.label = "状态", .type = FieldType::kButtonGroup, .name = "status", .value = "0"};
  field.choices = choices;
  EXPECT_TRUE(has(draw_field(field), "value=\"0\" checked"));
  EXPECT_FALSE(has(draw_field(field), "value=\"1\" checked"));
  field.type = FieldType::kDropdown;
  EXPECT_TRUE(has(draw_field(field), "<option value=\"0\" selected>禁用</option>"));
  EXPECT_TRUE(has(draw_field(field), "<option value=\"\">一级分类</option>"));
}

TEST(RenderField, ASwitchSendsZeroWhenOff) {
  Field field{.label = "状态", .type = FieldType::kSwitch, .name = "on", .value = "1"};
  const auto html = draw_field(field);
  EXPECT_TRUE(has(html, "type=\"hidden\" name=\"on\" value=\"0\""));
  EXPECT_TRUE(has(html, "name=\"on\" value=\"1\" checked"));
  field.value = "0";
  EXPECT_FALSE(has(draw_field(field), "checked"));
}

TEST(RenderField, TreesNest) {
  Field field{.label = "权限分配", .type = FieldType::kTreeSelect, .name = "auth"};
  field.tree = {{"1", Label("网站"), false, {{"2", Label("主面板"), true, {}}}}};
  const auto html = draw_field(field);
  EXPECT_TRUE(has(html, "name=\"auth[]\" value=\"2\" checked"));
  EXPECT_TRUE(has(html, "name=\"auth[]\" value=\"1\">"));
  EXPECT_EQ(times(html, "<ul class=\"tree\">"), 2u);
  field.type = FieldType::kDropdown;
  EXPECT_TRUE(has(draw_field(field), "<option value=\"2\" selected>\u3000主面板</option>"));
}

TEST(RenderField, HiddenIsOnlySent) {
  const auto html = draw_field({.label = "状态", .name = "kept", .value = "0", .hidden = true});
  EXPECT_TRUE(has(html, "<input type=\"hidden\" name=\"kept\" value=\"0\">"));
  EXPECT_FALSE(has(html, "<label"));
}

TEST(RenderForm, SaysWhatSucceeds) {
  FormPage form{.title = Label("修改管理员"), .action = "/admin/x", .success_url = "/admin/y"};
  EXPECT_TRUE(has(draw(form), "data-success=\"新建成功\" data-success-url=\"/admin/y\""));
  form.is_edit = true;
  form.error = "密码错误";
  EXPECT_TRUE(has(draw(form), "data-success=\"修改成功\""));
  EXPECT_TRUE(has(draw(form), "data-error>密码错误</p>"));
  form.hide_submit = true;
  EXPECT_FALSE(has(draw(form), "提 交"));
  const auto english = draw(form, shell_of(Language::kEnglish));
  EXPECT_TRUE(has(english, "data-error>Wrong password</p>"));
}

// --- Other pages -------------------------------------------------------------

TEST(RenderHome, WelcomesAndPlots) {
  HomePage home{.welcome = Label("管理员，欢迎您！")};
  home.figures = {{.label = "用户总数", .value = "12", .icon = "fa fa-users"}};
  home.charts = {{.title = "每日新增用户", .points = {{"11-21", 0}, {"11-22", 1'234}}}};
  const auto html = draw(home);
  EXPECT_TRUE(has(html, "<title>后台首页</title>"));
  EXPECT_TRUE(has(html, "管理员，欢迎您！"));
  EXPECT_FALSE(has(html, "breadcrumb"));
  EXPECT_EQ(times(html, "<rect"), 2u);
  EXPECT_TRUE(has(html, "<th scope=\"row\">11-22</th><td>1,234</td>"));
  EXPECT_TRUE(has(html, "从 11-21 到 11-22，最高 1,234（11-22）"));
}

TEST(RenderHome, PlotsOfNothingStand) {
  HomePage home;
  home.charts = {{.title = "每日新增用户", .points = {}},
                 {.title = "每日新增用户", .points = {{"11-22", 0}}},
                 {.title = "每日新增用户", .points = {{"11-22", INT64_MAX / 2}}}};
  const auto html = draw(home);
  EXPECT_EQ(times(html, "<svg"), 3u);
  EXPECT_FALSE(has(html, "nan"));
  EXPECT_FALSE(has(html, "inf"));
}

TEST(RenderNotice, ErrorsLeadHome) {
  NoticePage page{.status = 404, .heading = "404", .title = Label("页面不存在")};
  page.text = Label("页面不存在");
  page.links = {{.text = "返回后台首页", .url = "/admin"}};
  Shell outside;
  const auto html = draw(page, outside);
  EXPECT_TRUE(has(html, "class=\"notice-number\">404</h1>"));
  EXPECT_TRUE(has(html, "href=\"/admin\"><span>返回后台首页</span>"));
  EXPECT_FALSE(has(html, "topbar"));
}

TEST(RenderNotice, AQuestionIsAFormWithTheToken) {
  NoticePage page{.title = Label("确认删除")};
  page.links = {{.text = "删除", .url = "/admin/chatuser/delete/7", .confirm = Confirm{}},
                {.text = "取消", .url = "/admin/chatuser"}};
  const auto html = draw(page);
  EXPECT_TRUE(has(html,
                  "<form method=\"post\" action=\"/admin/chatuser/delete/7\"><input "
                  "type=\"hidden\" name=\"_csrf\" value=\"token&lt;1&gt;\">"));
  EXPECT_TRUE(has(html, "href=\"/admin/chatuser\"><span>取消</span>"));
}

TEST(RenderNotice, SecretsCanBeCopied) {
  NoticePage page{.title = Label("密码已重置"), .secret = "a<b"};
  EXPECT_TRUE(has(draw(page), "id=\"secret\">a&lt;b</output>"));
  EXPECT_FALSE(has(draw(NoticePage{.title = Label("密码已重置")}), "data-copy"));
}

TEST(RenderEntrance, LoginHasTheSeedsWords) {
  const auto html = render(EntrancePage{.username = "\"x", .error = "密码错误"}, Shell{});
  for (const std::string_view part :
       {"后台管理中心入口", "<h1>登 录</h1>", "后台管理中心欢迎您", "输入管理员账号...",
        "输入管理员密码...", "action=\"/admin/loginevent\"", "data-success-url=\"/admin/start\"",
        "value=\"&quot;x\"", "data-error>密码错误</p>"}) {
    EXPECT_TRUE(has(html, part)) << part;
  }
}

TEST(RenderEntrance, FirstRunSendsItsToken) {
  const auto html =
      render(EntrancePage{.kind = EntrancePage::Kind::kFirstRun, .token = "t<"}, Shell{});
  for (const std::string_view part :
       {"创建超级管理员", "创建后台首个超级管理员账户", "action=\"/admin/setup\"",
        "name=\"repeated\"", "name=\"token\" value=\"t&lt;\""}) {
    EXPECT_TRUE(has(html, part)) << part;
  }
}

TEST(RenderEnglish, HasNoChineseOfItsOwn) {
  TablePage list = list_of({});
  list.search = Search{.placeholder = "搜索账号、昵称或 id"};
  list.filters = {{"role", "全部角色", {{"user", Label("用户")}}, ""}};
  list.pager = Pager{.page = 2, .total = 100};
  list.bulk_url = "/x";
  list.bulk = {{.text = "删除", .value = "delete"}};
  auto html = draw(list, shell_of(Language::kEnglish));
  EXPECT_TRUE(has(html, "<html lang=\"en\""));
  html = std::regex_replace(html, std::regex("中文"), "");
  EXPECT_FALSE(std::any_of(html.begin(), html.end(),
                           [](unsigned char byte) { return byte >= 0xE4 && byte <= 0xE9; }));
}

}  // namespace
}  // namespace qn::console
