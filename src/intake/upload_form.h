#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/uploads.h"
#include "net/http.h"

// What the chat API and the console share: one file out of a multipart form, on
// its way to the disk while it arrives. A route that takes an upload answers
// `open_body` with open_upload() and `handle` with finish_upload().
namespace qn::intake {

// What a route wants to be uploaded.
struct UploadTarget {
  model::UploadOwner owner;
  std::optional<std::string> folder;  // as the route has it; nothing: the uploads' own folder
  std::string field = {};             // only a file of that name; "": the first one
  chat::UploadPlace place = chat::UploadPlace::kDisk;
};

// A sink that takes the first wanted file of the form and drops everything else.
// kRefused: no multipart body, or what UploadService::begin says; kTooLarge: a
// length over the limit; kMalformed: no boundary.
Task<Result<std::unique_ptr<net::BodySink>>> open_upload(chat::UploadService& uploads,
                                                         const net::HttpRequest& head,
                                                         UploadTarget target, Deadline by);

// Most bytes of a body with one file: BodyPlan::limit.
std::size_t upload_limit(const chat::UploadService& uploads);

// The file is complete: stored when this succeeds. The sink is one of
// open_upload(). Errors of Upload, kMalformed for a broken form; also what made
// an earlier write() fail.
Task<Result<chat::StoredFile>> finish_upload(net::BodySink& sink, Deadline by);

// {"msg":"ok","data":{"url":…}}: the answer of the routes named
// uploadStreamSingleToServer.
net::HttpReply upload_reply(const chat::StoredFile& file);

}  // namespace qn::intake
