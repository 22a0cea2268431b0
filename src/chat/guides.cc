#include "chat/guides.h"

#include <string_view>
#include <utility>

#include "chat/page_links.h"

namespace qn::chat {
namespace {

constexpr std::string_view kPictures = "https://docs-51yrc-com.oss-cn-hangzhou.aliyuncs.com/chat";

// One entry: where it comes from, what it says and where a tap leads.
struct Guide {
  std::string_view key;
  std::string_view name;
  std::string_view text;
  std::string avatar;
  std::string url;
};

model::Message message(Guide guide, const model::Person& person, std::string id, Time now) {
  std::string key = "redirect-" + std::string(guide.key) + '-' + std::to_string(person.id.value);
  model::Message m;
  m.id = std::move(id);
  m.from = key;
  m.from_name = guide.name;
  m.from_avatar = std::move(guide.avatar);
  m.to_id = person.id.value;
  m.to_name = person.name();
  m.to_avatar = person.avatar;
  m.text = guide.text;
  m.redirect = model::Redirect{.url = std::move(guide.url)};
  m.is_guide = true;
  m.create_time = now;
  m.msgid_key = std::move(key);
  return m;
}

std::string picture(std::string_view file) {
  return std::string(kPictures) + std::string(file);
}

// A page of settings and its title.
std::string settings_page(std::string_view action, std::string_view title) {
  return "/pages/setpageInfo/setpageInfo?action=" + std::string(action) +
         "&title=" + encode_component(title);
}

std::string picture_page() {
  return settings_page("userinfoSet", "账号信息设置") +
         "&redirectUrl=" + encode_component("/pages/xiaoxi/xiaoxi") + "&redirectType=switchTab";
}

std::string qr_page(const model::Person& person) {
  return settings_page("groupQrcode", "我的二维码") + "&id=" + std::to_string(person.id.value) +
         "&name=" + encode_component(person.name()) + "&avatar=" + encode_component(person.avatar) +
         "&chatType=single";
}

Guide group_list() {
  return {"groupList", "我的群聊", "可查看我加入的群聊列表", picture("/img/qunliaoNoticeIcon.png"),
          "/pages/applyMyfriend/applyMyfriend?action=grouplist&title=" +
              encode_component("我的群聊列表")};
}

Guide who_can_chat() {
  return {"whoCanChatMe", "聊天消息条数限制", "谁可以和我聊天，可向我发几条消息",
          picture("/img/whoCanChatMe.png"), settings_page("chatset", "和我聊天设置")};
}

std::vector<Guide> for_visitors(const model::Arrival& arrival) {
  std::vector<Guide> all;
  if (arrival.has_groups) all.push_back(group_list());
  all.push_back(who_can_chat());
  all.push_back({"visitorLogin", "登录提示", "欢迎您，登录可以获取更多功能！", picture("/kefu.png"),
                 "/pages/loginCenter/loginCenter"});
  return all;
}

std::vector<Guide> for_users(const model::Arrival& arrival) {
  const model::Person& person = arrival.person;
  std::vector<Guide> all;
  all.push_back({"setPassword", "修改密码", "您可以点击这里，修改密码",
                 picture("/img/setPassword.png"), settings_page("setPassword", "修改密码")});
  if (arrival.has_groups) all.push_back(group_list());
  if (arrival.has_friends) {
    all.push_back({"friendsList", "我的通讯录", "可查看我的通讯录好友",
                   picture("/img/friendList.png"), "/pages/friendsList/friendsList"});
  }
  all.push_back(
      {"userInfoSet", "头像设置", "不满意你的头像可以更换", person.avatar, picture_page()});
  all.push_back(who_can_chat());
  all.push_back({"myQrcode", "我的二维码", "展示给别人加你为好友", picture("/img/myQrcode1.png"),
                 qr_page(person)});
  all.push_back({"search", "搜索加好友", "搜索账号加好友或聊天", picture("/img/search.png"),
                 "/pages/search/search"});
  all.push_back({"applyAddMeFriendSet", "加我为好友时是否需要我验证", "默认不需要，您可以去设置",
                 picture("/img/applyAddMeFriendSet.png"),
                 settings_page("applyAddMeFriendSet", "申请加我为好友设置")});
  all.push_back({"AskAndAnswerSet", "问答设置", "当您不在线时，自动回答客户的常见问题",
                 picture("/img/AskAndAnswerSet.png"),
                 settings_page("AskAndAnswerSet", "问答设置")});
  return all;
}

}  // namespace

std::vector<model::Message> guides(model::Role token_role, const model::Arrival& arrival, Time now,
                                   Random& random) {
  std::vector<model::Message> messages;
  const bool is_visitor = token_role == model::Role::kVisitor;
  for (auto& guide : is_visitor ? for_visitors(arrival) : for_users(arrival)) {
    messages.push_back(message(std::move(guide), arrival.person, random.uuid(), now));
  }
  return messages;
}

model::Message avatar_changed(const model::Person& person, std::string id, Time now) {
  Guide guide{"userInfoSet", "头像更换成功", "不满意你的头像可以继续更换", person.avatar,
              picture_page()};
  model::Message m = message(std::move(guide), person, std::move(id), now);
  m.redirect->action = "avatar";
  return m;
}

}  // namespace qn::chat
