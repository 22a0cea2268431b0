#include "console/common_actions.h"

namespace qn::console {

Action edit_action(std::string url) {
  return {.text = "修改", .url = std::move(url), .icon = "fa fa-pencil"};
}

Action delete_action(std::string url) {
  return {.text = "删除",
          .url = std::move(url),
          .icon = "fa fa-trash",
          .tone = Tone::kBad,
          .confirm = Confirm{}};
}

NoticePage question(Label title, Phrase text, Action yes, std::string back) {
  NoticePage page;
  page.title = title;
  page.text = std::move(text);
  page.links = {std::move(yes), {.text = "取消", .url = std::move(back)}};
  return page;
}

}  // namespace qn::console
