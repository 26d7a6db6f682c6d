#include "service/http/http_clients.h"

#include <algorithm>
#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "keys/file_contents.h"
#include "openssl/digest.h"
#include "openssl/mem.h"
#include "service/config_field.h"
#include "service/http/form.h"

namespace signet {
namespace {

using config::v1::HTTP_PERMISSION_INTROSPECT;
using config::v1::HTTP_PERMISSION_UNSPECIFIED;

constexpr size_t kMinSecretBytes = 16;
constexpr size_t kMaxSecretBytes = 512;
constexpr size_t kMaxIdBytes = 256;
constexpr absl::string_view kBasicPrefix = "Basic ";
constexpr absl::string_view kBearerPrefix = "Bearer ";

// RFC 3986 section 2.3: what no encoding changes.
bool IsUnreserved(char c) {
  return absl::ascii_isalnum(c) || absl::StrContains("-._~", c);
}

Digest HashSecret(absl::string_view secret) { return {EVP_sha256(), secret}; }

bool SameDigest(const Digest& a, const Digest& b) {
  return CRYPTO_memcmp(a.bytes().data(), b.bytes().data(), a.bytes().size()) ==
         0;
}

absl::StatusOr<Digest> ReadSecret(const std::string& path,
                                  const std::string& folder) {
  const absl::StatusOr<FileContents> contents =
      FileContents::Read(ResolvePath(folder, path), Privacy::kSecret);
  if (!contents.ok()) return contents.status();
  absl::string_view secret = contents->text();
  absl::ConsumeSuffix(&secret, "\n");
  if (secret.size() < kMinSecretBytes || secret.size() > kMaxSecretBytes ||
      !absl::c_all_of(secret, IsUnreserved)) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, ": must hold ", kMinSecretBytes, " to ", kMaxSecretBytes,
        " letters, digits and -._~, and nothing else"));
  }
  return HashSecret(secret);
}

absl::Status ReadCredentials(const config::v1::HttpClient& config,
                             const std::string& folder, HttpClient& client) {
  if (config.secret_file().empty() == config.bearer_file().empty()) {
    return absl::InvalidArgumentError(
        "secret_file: set it or bearer_file, and not both");
  }
  const bool is_basic = !config.secret_file().empty();
  client.scheme = is_basic ? AuthScheme::kBasic : AuthScheme::kBearer;
  const absl::StatusOr<Digest> secret = ReadSecret(
      is_basic ? config.secret_file() : config.bearer_file(), folder);
  if (!secret.ok()) {
    return AtField(is_basic ? "secret_file" : "bearer_file", secret.status());
  }
  client.secret = *secret;
  return absl::OkStatus();
}

absl::Status ReadPermissions(const config::v1::HttpClient& config,
                             HttpClient& client) {
  for (const int permission : config.permissions()) {
    client.permissions.insert(
        static_cast<config::v1::HttpPermission>(permission));
  }
  if (client.permissions.empty() || client.May(HTTP_PERMISSION_UNSPECIFIED)) {
    return absl::InvalidArgumentError(
        "permissions: name at least one: INTROSPECT, REVOKE_OWN, "
        "REVOKE_ANY or METRICS");
  }
  client.policy = config.policy();
  if (client.May(HTTP_PERMISSION_INTROSPECT) == client.policy.empty()) {
    return absl::InvalidArgumentError(
        "policy: is required to INTROSPECT, and has no use otherwise");
  }
  return absl::OkStatus();
}

absl::StatusOr<HttpClient> ReadClient(const config::v1::HttpClient& config,
                                      const std::string& folder) {
  HttpClient client;
  client.id = config.client_id();
  if (client.id.empty() || client.id.size() > kMaxIdBytes ||
      !absl::c_all_of(client.id, absl::ascii_isgraph)) {
    return absl::InvalidArgumentError(
        absl::StrCat("client_id: must be 1 to ", kMaxIdBytes,
                     " printable ASCII characters without spaces"));
  }
  absl::Status read = ReadCredentials(config, folder, client);
  read.Update(ReadPermissions(config, client));
  if (!read.ok()) return read;
  return client;
}

// Two tokens that are the same would leave open whose it is.
absl::Status CheckUnlike(const HttpClient& client, const HttpClient& other) {
  if (client.id == other.id) {
    return absl::InvalidArgumentError("client_id: is another client's");
  }
  if (SameDigest(client.secret, other.secret)) {
    return absl::InvalidArgumentError(
        "secret_file, bearer_file: holds what another client's does");
  }
  return absl::OkStatus();
}

// What a client says of itself.
struct Claim {
  AuthScheme scheme = AuthScheme::kBasic;
  std::string id;
  Digest secret;
};

// Nothing to be compared, if it is malformed.
absl::StatusOr<Claim> ReadClaim(absl::string_view authorization) {
  if (SchemeOf(authorization) == AuthScheme::kBearer) {
    return Claim{AuthScheme::kBearer, "",
                 HashSecret(authorization.substr(kBearerPrefix.size()))};
  }
  std::string pair;
  if (!absl::StartsWithIgnoreCase(authorization, kBasicPrefix) ||
      !absl::Base64Unescape(authorization.substr(kBasicPrefix.size()), &pair)) {
    return absl::InvalidArgumentError("is not Basic");
  }
  const size_t colon = std::min(pair.find(':'), pair.size());
  absl::StatusOr<std::string> id = DecodeFormText(pair.substr(0, colon));
  if (!id.ok()) return id.status();
  const absl::StatusOr<std::string> secret =
      DecodeFormText(absl::ClippedSubstr(pair, colon + 1));
  if (!secret.ok()) return secret.status();
  return Claim{AuthScheme::kBasic, *std::move(id), HashSecret(*secret)};
}

}  // namespace

absl::StatusOr<HttpClients> HttpClients::Read(
    const google::protobuf::RepeatedPtrField<config::v1::HttpClient>& config,
    const std::string& folder) {
  std::vector<HttpClient> clients;
  clients.reserve(static_cast<size_t>(config.size()));
  for (int i = 0; i < config.size(); ++i) {
    const std::string field = absl::StrCat("[", i, "]");
    absl::StatusOr<HttpClient> client = ReadClient(config.at(i), folder);
    if (!client.ok()) return InField(field, client.status());
    for (const HttpClient& other : clients) {
      const absl::Status unlike = CheckUnlike(*client, other);
      if (!unlike.ok()) return InField(field, unlike);
    }
    clients.push_back(*std::move(client));
  }
  return HttpClients(std::move(clients));
}

const HttpClient* HttpClients::Authenticate(
    absl::string_view authorization) const {
  const absl::StatusOr<Claim> claim = ReadClaim(authorization);
  if (!claim.ok()) return nullptr;
  const HttpClient* found = nullptr;
  for (const HttpClient& client : clients_) {
    const bool same_secret = SameDigest(client.secret, claim->secret);
    // A bearer token says by itself whose it is.
    const bool same_name =
        client.scheme == claim->scheme &&
        (client.scheme == AuthScheme::kBearer || client.id == claim->id);
    if (same_secret && same_name) found = &client;
  }
  return found;
}

AuthScheme SchemeOf(absl::string_view authorization) {
  return absl::StartsWithIgnoreCase(authorization, kBearerPrefix)
             ? AuthScheme::kBearer
             : AuthScheme::kBasic;
}

}  // namespace signet
