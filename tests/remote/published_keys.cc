#include "tests/remote/published_keys.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "keys/jwk.h"
#include "remote/provider_metadata.h"
#include "tests/test_issuer.h"

namespace signet {

RemoteOptions DiscoveringOptions() {
  RemoteOptions options;
  options.issuer = kProvider;
  options.metadata_urls =
      MetadataUrls(*FetchUrl::Parse(kProvider), PlainHttp::kToLoopbackOnly)
          .value();
  options.fetch = std::make_shared<FetchOptions>();
  return options;
}

RemoteOptions JwksOptions() {
  RemoteOptions options = DiscoveringOptions();
  options.metadata_urls.clear();
  options.jwks_url = *FetchUrl::Parse(kJwksUrl);
  return options;
}

std::string PublicJwk(const std::string& key_id) {
  const SigningKey key = MakeTestKey(Algorithm::kEdDsa, key_id, key_id);
  return ToPublicJwk(key.verification_key()).value();
}

std::string PublicJwkSet(const std::vector<std::string>& key_ids) {
  std::vector<std::string> jwks;
  jwks.reserve(key_ids.size());
  for (const std::string& key_id : key_ids) jwks.push_back(PublicJwk(key_id));
  return absl::StrCat(R"({"keys":[)", absl::StrJoin(jwks, ","), "]}");
}

std::string SignedBy(const std::string& key_id) {
  return SignCompact(
      MakeTestKey(Algorithm::kEdDsa, key_id, key_id),
      absl::StrCat(R"({"alg":"EdDSA","kid":")", key_id, R"("})"),
      absl::StrCat(R"({"iss":")", kProvider, R"(","exp":1800000600})"));
}

std::string Metadata(const std::string& issuer, const std::string& jwks_uri) {
  return absl::StrCat(R"({"issuer":")", issuer, R"(","jwks_uri":")", jwks_uri,
                      R"("})");
}

absl::StatusOr<FetchAnswer> Sent(const std::string& body,
                                 const std::string& etag,
                                 std::optional<absl::Duration> fresh_for) {
  return FetchAnswer{FetchedDocument{body, etag, ""}, fresh_for};
}

absl::StatusOr<FetchAnswer> Unchanged() { return FetchAnswer{}; }

std::vector<std::string> KeyIds(const KeySet& keys) {
  std::vector<std::string> ids;
  for (const VerificationKey& key : keys.keys()) ids.push_back(key.key_id());
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace signet
