#ifndef SIGNET_SERVICE_REMOTE_OPTIONS_H_
#define SIGNET_SERVICE_REMOTE_OPTIONS_H_

#include "absl/status/statusor.h"
#include "remote/remote_keys.h"
#include "service/issuer_keys.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// ReadRemoteOptions reads the field `remote` of an issuer. InvalidArgument,
// that begins with a field in it, if that does not hold together.
absl::StatusOr<RemoteOptions> ReadRemoteOptions(
    const config::v1::Issuer& issuer, const KeyPlace& place);

}  // namespace signet

#endif  // SIGNET_SERVICE_REMOTE_OPTIONS_H_
