#include "service/http/issuer_metadata.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "jose/json_writer.h"

namespace signet {
namespace {

using config::v1::HttpPermission;

std::string MethodOf(AuthScheme scheme) {
  switch (scheme) {
    case AuthScheme::kBasic:
      return "client_secret_basic";
    case AuthScheme::kBearer:
      return "Bearer";
  }
  __builtin_unreachable();
}

// How those may authenticate who have one of `permissions`.
std::vector<std::string> MethodsFor(
    const HttpClients& clients,
    const std::vector<HttpPermission>& permissions) {
  std::vector<std::string> methods;
  for (const AuthScheme scheme : {AuthScheme::kBasic, AuthScheme::kBearer}) {
    const auto uses = [&](const HttpClient& client) {
      return client.scheme == scheme &&
             absl::c_any_of(permissions, [&](HttpPermission permission) {
               return client.May(permission);
             });
    };
    if (absl::c_any_of(clients.all(), uses)) {
      methods.push_back(MethodOf(scheme));
    }
  }
  return methods;
}

// With which others can verify: secrets are published nowhere.
std::vector<std::string> PublicAlgorithms(const SigningPlan& plan) {
  AlgorithmSet set = plan.GeneratedSet();
  for (const auto& key : plan.keys) set.Add(key->algorithm());
  std::vector<std::string> names;
  for (const Algorithm algorithm : kAllAlgorithms) {
    if (set.Contains(algorithm) && IsAsymmetric(algorithm)) {
      names.emplace_back(AlgorithmName(algorithm));
    }
  }
  return names;
}

void AddEndpoint(JsonObjectWriter& writer, const std::string& name,
                 const std::string& url,
                 const std::vector<std::string>& methods) {
  if (methods.empty()) return;
  writer.AddString(name, url);
  writer.AddStrings(absl::StrCat(name, "_auth_methods_supported"), methods);
}

}  // namespace

Offers OffersTo(const HttpClients& clients,
                std::optional<Algorithm> answer_algorithm) {
  return {MethodsFor(clients, {config::v1::HTTP_PERMISSION_INTROSPECT}),
          MethodsFor(clients, {config::v1::HTTP_PERMISSION_REVOKE_OWN,
                               config::v1::HTTP_PERMISSION_REVOKE_ANY}),
          answer_algorithm};
}

std::string IssuerMetadata(const IssuerPlan& plan,
                           const IssuerLocation& location,
                           const Offers& offers) {
  JsonObjectWriter writer;
  writer.AddString("issuer", plan.issuer);
  writer.AddString("jwks_uri",
                   absl::StrCat(location.origin, location.path, kJwkSetName));
  // Required, though empty.
  writer.AddStrings("response_types_supported", {});
  // What is left out would mean two types.
  writer.AddStrings("grant_types_supported", {});
  writer.AddStrings("subject_types_supported", {"public"});
  writer.AddStrings("id_token_signing_alg_values_supported",
                    PublicAlgorithms(plan.signing));
  AddEndpoint(writer, "introspection_endpoint",
              absl::StrCat(location.origin, kIntrospectionPath),
              offers.introspection_methods);
  if (offers.answer_algorithm) {
    writer.AddStrings("introspection_signing_alg_values_supported",
                      {std::string(AlgorithmName(*offers.answer_algorithm))});
  }
  AddEndpoint(writer, "revocation_endpoint",
              absl::StrCat(location.origin, kRevocationPath),
              offers.revocation_methods);
  return std::move(writer).Finish();
}

}  // namespace signet
