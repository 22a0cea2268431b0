#include "wire/askanswer_json.h"

namespace qn::wire {

json::object ask_answer(const model::AskAnswer& entry) {
  return {{"id", entry.id.value},
          {"ask", entry.ask},
          {"answer", entry.answer},
          {"type", entry.type},
          {"create_userId", entry.owner.value},
          {"create_time", to_millis(entry.create_time)},
          {"update_time", to_millis(entry.update_time)},
          {"likeCount", entry.like_count},
          {"liked", entry.liked}};
}

}  // namespace qn::wire
