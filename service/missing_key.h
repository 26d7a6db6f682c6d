#ifndef SIGNET_SERVICE_MISSING_KEY_H_
#define SIGNET_SERVICE_MISSING_KEY_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "jose/rejection.h"
#include "service/remote_issuers.h"

namespace signet {

// CheckRejection returns OK if `rejection`, of the token `compact`, stands; and
// Unavailable if its key might be one that has not been fetched yet, or cannot
// be now: then nobody can say.
absl::Status CheckRejection(const Rejection& rejection,
                            absl::string_view compact, RemoteIssuers& remote);

// AwaitedIssuer returns the issuer whose keys are being fetched, if that is why
// `status` (from CheckRejection) is not OK: after it, the answer is another.
std::optional<std::string> AwaitedIssuer(const absl::Status& status);

}  // namespace signet

#endif  // SIGNET_SERVICE_MISSING_KEY_H_
