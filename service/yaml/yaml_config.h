#ifndef SIGNET_SERVICE_YAML_YAML_CONFIG_H_
#define SIGNET_SERVICE_YAML_YAML_CONFIG_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// LoadServerConfig reads the YAML file `path`, of at most 1 MiB. A file that
// cannot be read is an error of the code that its errno stands for; for its
// content see ParseServerConfig.
absl::StatusOr<config::v1::ServerConfig> LoadServerConfig(
    absl::string_view path);

// LocateProblem puts the file and, as far as the file has the field that the
// message begins with, its line and column in front of a status about what was
// loaded from `path`: "FILE:LINE:COLUMN: issuers[0].keys[1]: what is wrong".
absl::Status LocateProblem(absl::string_view path, const absl::Status& status);

// ParseServerConfig reads `yaml` as a ServerConfig, with the rules and errors
// of YamlDocument::Parse and YamlToMessage. It checks form only: whether the
// parts fit together is for others to say.
absl::StatusOr<config::v1::ServerConfig> ParseServerConfig(
    absl::string_view yaml, absl::string_view file_name);

}  // namespace signet

#endif  // SIGNET_SERVICE_YAML_YAML_CONFIG_H_
