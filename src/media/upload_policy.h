#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

// Which files may be uploaded, and where to: the reference's extensions without
// what could run in a browser, and content that is what the extension says
// (defects S21, D-04, D-31). The whole policy is in upload_policy.cc.
namespace qn::media {

enum class FileClass { kImage, kSound, kFilm, kDocument, kArchive, kText };

struct FileKind {
  std::string extension;  // lower case, with the dot
  FileClass file_class = FileClass::kImage;
};

// By the extension of a client's file name. kRefused with a text for the user.
Result<FileKind> kind_of_name(std::string_view filename);

// Whether bytes that begin with `head`, of the type `mime` by their content, may
// carry such a name. kRefused with a text for the user.
Result<void> check_content(const FileKind& kind, std::string_view mime, std::string_view head);

// The folder that a route names: "a_b" is "a/b". Letters, digits and '-' only,
// so that no name leads anywhere else. kRefused with a text for the user.
Result<std::string> folder_of_name(std::string_view name);

}  // namespace qn::media
