#include "service/missing_key.h"

#include "absl/strings/cord.h"
#include "jose/unverified_jwt.h"

namespace signet {
namespace {

// Under which a status names the issuer.
constexpr absl::string_view kAwaitedIssuer = "signet/awaited-issuer";

absl::Status BeingFetched(absl::string_view issuer) {
  absl::Status status = absl::UnavailableError(
      "the issuer's keys are being fetched; repeat the call");
  status.SetPayload(kAwaitedIssuer, absl::Cord(issuer));
  return status;
}

}  // namespace

absl::Status CheckDecided(const Verdict& verdict, absl::string_view compact,
                          RemoteIssuers& remote) {
  if (verdict.ok() || remote.empty() ||
      verdict.rejection().reason != RejectionReason::kKeyNotFound) {
    return absl::OkStatus();
  }
  const RejectionOr<UnverifiedJwt> jwt = UnverifiedJwt::Parse(compact);
  if (!jwt.ok() || !jwt->claims().registered().issuer) return absl::OkStatus();
  const absl::string_view issuer = *jwt->claims().registered().issuer;
  switch (remote.Inquire(issuer, jwt->header().key_id.value_or(""))) {
    case Absence::kCertain:
      return absl::OkStatus();
    case Absence::kFetching:
      return BeingFetched(issuer);
    case Absence::kUnknown:
      break;
  }
  return absl::UnavailableError(
      "the issuer's keys cannot be fetched now; try again later");
}

std::optional<std::string> AwaitedIssuer(const absl::Status& status) {
  const absl::optional<absl::Cord> issuer = status.GetPayload(kAwaitedIssuer);
  if (!issuer) return std::nullopt;
  return std::string(*issuer);
}

}  // namespace signet
