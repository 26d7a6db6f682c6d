#ifndef SIGNET_REMOTE_PROVIDER_METADATA_H_
#define SIGNET_REMOTE_PROVIDER_METADATA_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fetch/fetch_url.h"

namespace signet {

// MetadataUrls returns where the metadata of a provider may be, the likeliest
// place first: that of OpenID Connect Discovery 1.0 section 4, and that of
// RFC 8414 section 3. `provider` is the provider's URL; one with a query has
// none.
absl::StatusOr<std::vector<FetchUrl>> MetadataUrls(const FetchUrl& provider,
                                                   PlainHttp plain_http);

// ParseJwksUrl reads from the metadata of a provider where its JWK Set is
// (`jwks_uri`). InvalidArgument, with what is wrong, unless the metadata says
// that it is about exactly `issuer`, and names a URL that may be fetched. What
// was found by https names nothing that is fetched without.
absl::StatusOr<FetchUrl> ParseJwksUrl(absl::string_view metadata,
                                      absl::string_view issuer,
                                      UrlScheme found_by, PlainHttp plain_http);

}  // namespace signet

#endif  // SIGNET_REMOTE_PROVIDER_METADATA_H_
