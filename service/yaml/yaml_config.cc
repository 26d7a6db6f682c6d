#include "service/yaml/yaml_config.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/yaml/yaml_document.h"
#include "service/yaml/yaml_message.h"
#include "service/yaml/yaml_text.h"
#include "signet/v1/config.pb.h"

namespace signet {
namespace {

constexpr size_t kMaxBytes = size_t{1} << 20U;

// Reads a file, but no more of it than shows that it is too large.
absl::StatusOr<std::string> ReadFile(absl::string_view path) {
  const auto failed = [path](int error) {
    return absl::ErrnoToStatus(
        error, absl::StrCat(absl::Utf8SafeCEscape(path), ": cannot be read"));
  };
  const int file = open(std::string(path).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return failed(errno);
  const absl::Cleanup close_file = [file] { close(file); };

  std::string content(kMaxBytes + 1, '\0');
  size_t size = 0;
  while (size < content.size()) {
    const ssize_t count =
        read(file, content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(errno);
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  content.resize(size);
  return content;
}

}  // namespace

absl::StatusOr<v1::ServerConfig> LoadServerConfig(absl::string_view path) {
  const absl::StatusOr<std::string> yaml = ReadFile(path);
  if (!yaml.ok()) return yaml.status();
  return ParseServerConfig(*yaml, path);
}

absl::StatusOr<v1::ServerConfig> ParseServerConfig(
    absl::string_view yaml, absl::string_view file_name) {
  if (yaml.size() > kMaxBytes) {
    return YamlError(file_name, TextPosition{}, "", "larger than 1 MiB");
  }
  const absl::StatusOr<YamlDocument> document =
      YamlDocument::Parse(yaml, file_name);
  if (!document.ok()) return document.status();
  v1::ServerConfig config;
  if (absl::Status s = YamlToMessage(*document, config); !s.ok()) return s;
  return config;
}

}  // namespace signet
