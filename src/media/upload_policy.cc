#include "media/upload_policy.h"

#include <algorithm>
#include <array>
#include <utility>

namespace qn::media {
namespace {

constexpr std::string_view kActiveContent = "不支持上传此类型的文件";
constexpr std::string_view kEmptyFile = "上传的文件为空";
constexpr std::string_view kOtherContent = "文件内容与扩展名不符";
constexpr std::string_view kBadFolder = "上传目录名称不合法";

constexpr std::size_t kMaxFolders = 5;
constexpr std::size_t kMaxFolderName = 40;
constexpr std::size_t kMaxShownName = 200;
constexpr std::size_t kMaxExtension = 8;

// What the reference takes (observed.md §4.1), by what it has to hold.
constexpr std::array<std::pair<std::string_view, FileClass>, 22> kAllowed{{
    {".avi", FileClass::kFilm},      {".bmp", FileClass::kImage},
    {".doc", FileClass::kDocument},  {".docx", FileClass::kDocument},
    {".gif", FileClass::kImage},     {".gz", FileClass::kArchive},
    {".gzip", FileClass::kArchive},  {".jpeg", FileClass::kImage},
    {".jpg", FileClass::kImage},     {".mp3", FileClass::kSound},
    {".mp4", FileClass::kFilm},      {".pdf", FileClass::kDocument},
    {".png", FileClass::kImage},     {".psd", FileClass::kImage},
    {".tgz", FileClass::kArchive},   {".tif", FileClass::kImage},
    {".txt", FileClass::kText},      {".wbmp", FileClass::kImage},
    {".webp", FileClass::kImage},    {".xls", FileClass::kDocument},
    {".xlsx", FileClass::kDocument}, {".zip", FileClass::kArchive},
}};
// What it takes too, and what a browser would run or apply.
constexpr std::array<std::string_view, 9> kActive{".css", ".htm",  ".html", ".js", ".json",
                                                  ".jsx", ".less", ".svg",  ".xml"};

std::string extension_of(std::string_view filename) {
  const auto dot = filename.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || filename.size() - dot > kMaxExtension) return {};
  std::string extension(filename.substr(dot));
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return extension;
}

// Not longer than it has to be, and no character cut in two.
std::string_view shown(std::string_view filename) {
  if (filename.size() <= kMaxShownName) return filename;
  std::size_t end = kMaxShownName;
  while (end > 0 && (static_cast<unsigned char>(filename[end]) & 0xC0) == 0x80) --end;
  return filename.substr(0, end);
}

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// A tag, or frames without one: libmagic knows only some of them.
bool is_mpeg_sound(std::string_view head) {
  if (head.starts_with("ID3")) return true;
  return head.size() >= 4 && static_cast<unsigned char>(head[0]) == 0xFF &&
         (static_cast<unsigned char>(head[1]) & 0xE0) == 0xE0;
}

// An ISO media file, whatever its brand.
bool is_mp4(std::string_view head) {
  return head.size() >= 12 && head.substr(4, 4) == "ftyp";
}

bool is_zip(std::string_view head) {
  return head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06");
}

bool is_ole(std::string_view head) {
  return head.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
}

bool is_recording(std::string_view mime, std::string_view head) {
  return mime.starts_with("audio/") || mime.starts_with("video/") || is_mp4(head);
}

bool is_plain(std::string_view head) {
  return std::none_of(head.begin(), head.end(), [](char c) {
    const auto b = static_cast<unsigned char>(c);
    return b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1B;
  });
}

bool fits(const FileKind& kind, std::string_view mime, std::string_view head) {
  switch (kind.file_class) {
    case FileClass::kImage:
      return mime.starts_with("image/") && !mime.starts_with("image/svg");
    case FileClass::kSound:
      return is_recording(mime, head) || is_mpeg_sound(head);
    case FileClass::kFilm:
      return is_recording(mime, head);
    case FileClass::kDocument:
      if (kind.extension == ".pdf") return mime == "application/pdf";
      return is_zip(head) || is_ole(head) || mime == "text/rtf";
    case FileClass::kArchive:
      return is_zip(head) || is_any_of(mime, {"application/gzip", "application/x-gzip"});
    case FileClass::kText:
      return mime.starts_with("text/") || is_plain(head);
  }
  return false;
}

}  // namespace

Result<FileKind> kind_of_name(std::string_view filename) {
  std::string extension = extension_of(filename);
  if (std::find(kActive.begin(), kActive.end(), extension) != kActive.end()) {
    return refused(kActiveContent);
  }
  const auto it = std::find_if(kAllowed.begin(), kAllowed.end(),
                               [&](const auto& entry) { return entry.first == extension; });
  if (it == kAllowed.end()) {
    return refused("Invalid filename: " + std::string(shown(filename)));
  }
  return FileKind{std::move(extension), it->second};
}

Result<void> check_content(const FileKind& kind, std::string_view mime, std::string_view head) {
  if (head.empty()) return refused(kEmptyFile);
  if (!fits(kind, mime, head)) {
    return Error{ErrorCode::kRefused, std::string(kOtherContent),
                 kind.extension + " holds " + std::string(mime)};
  }
  return {};
}

Result<std::string> folder_of_name(std::string_view name) {
  std::string folder;
  std::size_t folders = 0;
  for (std::size_t at = 0; at <= name.size(); ++folders) {
    const std::size_t end = std::min(name.find('_', at), name.size());
    const auto part = name.substr(at, end - at);
    const bool is_clean = std::all_of(part.begin(), part.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
    });
    if (part.empty() || part.size() > kMaxFolderName || !is_clean || folders == kMaxFolders) {
      return refused(kBadFolder);
    }
    folder.append(folder.empty() ? "" : "/").append(part);
    at = end + 1;
  }
  return folder;
}

}  // namespace qn::media
