#ifndef SIGNET_SERVICE_MISSING_KEY_H_
#define SIGNET_SERVICE_MISSING_KEY_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/remote_issuers.h"
#include "verifier/jwt_verifier.h"

namespace signet {

// CheckDecided returns OK if `verdict`, about the token `compact`, stands; and
// Unavailable if it is a rejection because of a key that might be one that has
// not been fetched yet, or cannot be now: then nobody can say. Whatever goes by
// a verdict asks this first.
absl::Status CheckDecided(const Verdict& verdict, absl::string_view compact,
                          RemoteIssuers& remote);

// AwaitedIssuer returns the issuer whose keys are being fetched, if that is why
// `status` (from CheckDecided) is not OK: after it, the answer is another.
std::optional<std::string> AwaitedIssuer(const absl::Status& status);

}  // namespace signet

#endif  // SIGNET_SERVICE_MISSING_KEY_H_
