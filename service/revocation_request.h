#ifndef SIGNET_SERVICE_REVOCATION_REQUEST_H_
#define SIGNET_SERVICE_REVOCATION_REQUEST_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/live_issuers.h"
#include "signet/v1/revocation_service.pb.h"
#include "store/records.h"

namespace signet {

// ReadRevocation returns what a request asks to revoke, with its defaults.
// InvalidArgument, beginning with the field at fault, if it is wrong in itself;
// NotFound, if it is about an issuer that this server does not know.
absl::StatusOr<RevocationRecord> ReadRevocation(
    const v1::RevokeRequest& request, const LiveIssuers& issuers,
    absl::Time now);

}  // namespace signet

#endif  // SIGNET_SERVICE_REVOCATION_REQUEST_H_
