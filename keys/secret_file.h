#ifndef SIGNET_KEYS_SECRET_FILE_H_
#define SIGNET_KEYS_SECRET_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace signet {

// CreateSecretFile writes `text` to a new file that only its owner may read.
// AlreadyExists if there is a file; it is then unchanged. A crash leaves a
// complete file or none. Other errors begin with the path.
absl::Status CreateSecretFile(const std::string& path, absl::string_view text);

}  // namespace signet

#endif  // SIGNET_KEYS_SECRET_FILE_H_
