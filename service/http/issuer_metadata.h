#ifndef SIGNET_SERVICE_HTTP_ISSUER_METADATA_H_
#define SIGNET_SERVICE_HTTP_ISSUER_METADATA_H_

#include <optional>
#include <string>
#include <vector>

#include "jose/algorithm.h"
#include "service/http/http_clients.h"
#include "service/http/issuer_location.h"
#include "service/issuer_plan.h"

namespace signet {

inline constexpr char kIntrospectionPath[] = "/oauth2/introspect";
inline constexpr char kRevocationPath[] = "/oauth2/revoke";
inline constexpr char kJwkSetName[] = "/jwks.json";

// Offers is what there is besides documents. Without a method that anyone could
// use there is no such endpoint.
struct Offers {
  // As RFC 8414 section 2 calls them.
  std::vector<std::string> introspection_methods;
  std::vector<std::string> revocation_methods;
  // What answers are signed with that shall be.
  std::optional<Algorithm> answer_algorithm;
};

// OffersTo returns what there is for these clients.
Offers OffersTo(const HttpClients& clients,
                std::optional<Algorithm> answer_algorithm);

// IssuerMetadata returns the metadata of an issuer, for OAuth (RFC 8414 section
// 2) and OpenID Connect (Discovery section 3) at once. Signet has no
// authorization and no token endpoint, so these are not in it, and the lists of
// response types and grant types are empty.
std::string IssuerMetadata(const IssuerPlan& plan,
                           const IssuerLocation& location,
                           const Offers& offers);

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_ISSUER_METADATA_H_
