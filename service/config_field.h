#ifndef SIGNET_SERVICE_CONFIG_FIELD_H_
#define SIGNET_SERVICE_CONFIG_FIELD_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "jose/algorithm.h"

namespace signet {

// AtField puts `field`, the path of a field of the configuration, in front of
// the message of a status that is not OK: "keys[1]: ...".
absl::Status AtField(absl::string_view field, const absl::Status& status);

// InField is AtField for a message that already begins with a field, one that
// is in `field`: "issuers[0].keys[1]: ...".
absl::Status InField(absl::string_view field, const absl::Status& status);

// AlgorithmAtField reads an algorithm's name.
absl::StatusOr<Algorithm> AlgorithmAtField(absl::string_view field,
                                           absl::string_view name);

// ResolvePath returns `path` as seen from `folder`.
std::string ResolvePath(const std::string& folder, const std::string& path);

}  // namespace signet

#endif  // SIGNET_SERVICE_CONFIG_FIELD_H_
