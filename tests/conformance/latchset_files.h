#ifndef SIGNET_TESTS_CONFORMANCE_LATCHSET_FILES_H_
#define SIGNET_TESTS_CONFORMANCE_LATCHSET_FILES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace signet {

// The examples of RFC 7515 (JWS), RFC 7517 (JWK), RFC 7520 and RFC 7638 (JWK
// thumbprint), as published with latchset/jose. Each file is a case; its
// extension says of what kind.

// LatchsetFiles lists the files with this extension, or all of them.
std::vector<std::string> LatchsetFiles();
std::vector<std::string> LatchsetFiles(absl::string_view extension);

// ReadLatchset returns a file's contents. Some are names of others, having been
// symbolic links; these are followed.
std::string ReadLatchset(absl::string_view file);

// ExtensionOf returns what stands behind the last dot.
std::string ExtensionOf(absl::string_view file);

}  // namespace signet

#endif  // SIGNET_TESTS_CONFORMANCE_LATCHSET_FILES_H_
