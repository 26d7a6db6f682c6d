#include "service/yaml/yaml_config.h"

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "keys/file_contents.h"
#include "service/yaml/yaml_document.h"
#include "service/yaml/yaml_message.h"
#include "service/yaml/yaml_node.h"
#include "service/yaml/yaml_text.h"
#include "signet/config/v1/config.pb.h"

namespace signet {
namespace {

constexpr size_t kMaxBytes = size_t{1} << 20U;

// Reports whether `message` begins with `path`, and not with a longer name.
bool IsAbout(absl::string_view message, absl::string_view path) {
  if (!absl::ConsumePrefix(&message, path) || path.empty()) return false;
  return message.empty() ||
         !(absl::ascii_isalnum(message.front()) || message.front() == '_');
}

// The deepest of `node` and what is below it that `message` is about.
const YamlNode* FindSubject(const YamlNode& node, absl::string_view message) {
  for (const YamlNode* child : node.children) {
    if (const YamlNode* found = FindSubject(*child, message)) return found;
  }
  return IsAbout(message, PathOf(node)) ? &node : nullptr;
}

}  // namespace

absl::StatusOr<config::v1::ServerConfig> LoadServerConfig(
    absl::string_view path) {
  const absl::StatusOr<FileContents> yaml =
      FileContents::Read(std::string(path), Privacy::kPublic);
  if (!yaml.ok()) return yaml.status();
  return ParseServerConfig(yaml->text(), path);
}

absl::Status LocateProblem(absl::string_view path, const absl::Status& status) {
  const absl::StatusOr<FileContents> yaml =
      FileContents::Read(std::string(path), Privacy::kPublic);
  if (yaml.ok()) {
    const absl::StatusOr<YamlDocument> document =
        YamlDocument::Parse(yaml->text(), path);
    const YamlNode* subject =
        document.ok() ? FindSubject(document->root(), status.message())
                      : nullptr;
    if (subject != nullptr) {
      return YamlError(path, subject->position, "", status.message());
    }
  }
  return absl::Status(status.code(),
                      absl::StrCat(path, ": ", status.message()));
}

absl::StatusOr<config::v1::ServerConfig> ParseServerConfig(
    absl::string_view yaml, absl::string_view file_name) {
  if (yaml.size() > kMaxBytes) {
    return YamlError(file_name, TextPosition{}, "", "larger than 1 MiB");
  }
  const absl::StatusOr<YamlDocument> document =
      YamlDocument::Parse(yaml, file_name);
  if (!document.ok()) return document.status();
  config::v1::ServerConfig config;
  if (absl::Status s = YamlToMessage(*document, config); !s.ok()) return s;
  return config;
}

}  // namespace signet
