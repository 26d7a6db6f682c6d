#ifndef SIGNET_SERVICE_HTTP_HTTP_CLIENTS_H_
#define SIGNET_SERVICE_HTTP_HTTP_CLIENTS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "keys/digest.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// AuthScheme is how a client shows who it is.
enum class AuthScheme {
  kBasic,   // RFC 7617, as RFC 6749 section 2.3.1 uses it
  kBearer,  // RFC 6750 section 2.1
};

// HttpClient is one of whom the configuration says that it may do something.
struct HttpClient {
  std::string id;
  AuthScheme scheme = AuthScheme::kBasic;
  // SHA-256 of its secret or token, which is not kept.
  Digest secret;
  absl::flat_hash_set<config::v1::HttpPermission> permissions;
  // Decides what active means to it; empty if it does not introspect.
  std::string policy;

  bool May(config::v1::HttpPermission permission) const {
    return permissions.contains(permission);
  }
};

// HttpClients knows who is who. Immutable, and may be used from many threads
// at once.
class HttpClients {
 public:
  // Nobody.
  HttpClients() = default;

  // Read returns InvalidArgument, beginning with the field ("[1].policy"), if
  // the configuration does not hold together, and reads the secrets. Relative
  // paths are relative to `folder`. Whether policies exist it does not ask.
  static absl::StatusOr<HttpClients> Read(
      const google::protobuf::RepeatedPtrField<config::v1::HttpClient>& config,
      const std::string& folder);

  // Authenticate returns whose the credentials are in the value of an
  // Authorization field, or null. How long it takes tells nothing about the
  // secrets: it compares their hashes, all of them, in constant time.
  const HttpClient* Authenticate(absl::string_view authorization) const;

  const std::vector<HttpClient>& all() const { return clients_; }

 private:
  explicit HttpClients(std::vector<HttpClient> clients)
      : clients_(std::move(clients)) {}

  std::vector<HttpClient> clients_;
};

// SchemeOf returns how `authorization` begins; kBasic, if it is neither.
AuthScheme SchemeOf(absl::string_view authorization);

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_HTTP_CLIENTS_H_
