#include "service/config_field.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace signet {

absl::Status AtField(absl::string_view field, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(field, ": ", status.message()));
}

absl::Status InField(absl::string_view field, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(field, ".", status.message()));
}

absl::StatusOr<Algorithm> AlgorithmAtField(absl::string_view field,
                                           absl::string_view name) {
  const std::optional<Algorithm> algorithm = AlgorithmFromName(name);
  if (algorithm) return *algorithm;
  return absl::InvalidArgumentError(absl::StrCat(
      field,
      ": not an algorithm that Signet knows; it knows HS, RS, PS and ES with "
      "256, 384 and 512, and EdDSA"));
}

std::string ResolvePath(const std::string& folder, const std::string& path) {
  if (folder.empty() || absl::StartsWith(path, "/")) return path;
  return absl::StrCat(folder, "/", path);
}

}  // namespace signet
