#include "service/http/issuer_documents.h"

#include <cstdint>
#include <optional>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "jose/base64url.h"
#include "keys/digest.h"
#include "service/http/http_error.h"
#include "service/http/issuer_location.h"
#include "service/http/jwks_lifetime.h"

namespace signet {
namespace {

// Metadata changes when the server starts with another configuration.
constexpr absl::Duration kMetadataLifetime = absl::Minutes(5);

HttpResponse CacheableResponse(const std::string& content_type,
                               absl::Duration lifetime, std::string body) {
  const Digest digest(EVP_sha256(), body);
  return {.status = 200,
          .fields = {{"Content-Type", content_type},
                     {"Cache-Control",
                      absl::StrCat("public, max-age=",
                                   absl::ToInt64Seconds(lifetime))},
                     {"ETag", absl::StrCat(
                                  "\"", Base64UrlEncode(AsText(digest.bytes())),
                                  "\"")}},
          .body = std::move(body)};
}

// RFC 9110 section 13.1.2, with its weak comparison.
bool Matches(absl::string_view if_none_match, absl::string_view etag) {
  return absl::c_any_of(
      absl::StrSplit(if_none_match, ','), [&](absl::string_view each) {
        each = absl::StripAsciiWhitespace(each);
        return each == "*" || absl::StripPrefix(each, "W/") == etag;
      });
}

}  // namespace

absl::StatusOr<IssuerDocuments> IssuerDocuments::Create(
    std::shared_ptr<const LiveIssuers> issuers,
    std::shared_ptr<const DurableState> state, const Offers& offers) {
  IssuerDocuments documents(std::move(issuers), std::move(state));
  for (const IssuerPlan* plan : documents.issuers_->Plans()) {
    const std::optional<IssuerLocation> location = LocateIssuer(plan->issuer);
    if (!plan->Signs() || !location) continue;
    const std::string metadata = IssuerMetadata(*plan, *location, offers);
    const std::string& path = location->path;
    absl::Status added = documents.Add(absl::StrCat(path, kJwkSetName),
                                       {location->host, plan, ""});
    for (const std::string& place :
         {absl::StrCat(path, "/.well-known/openid-configuration"),
          absl::StrCat("/.well-known/oauth-authorization-server", path)}) {
      added.Update(documents.Add(place, {location->host, plan, metadata}));
    }
    if (!added.ok()) return added;
  }
  return documents;
}

absl::Status IssuerDocuments::Add(const std::string& path, Document document) {
  std::vector<Document>& there = documents_[path];
  for (const Document& other : there) {
    if (other.host == document.host) {
      return absl::InvalidArgumentError(absl::StrCat(
          "issuers: ", other.plan->issuer, " and ", document.plan->issuer,
          " would both have a document at ", document.host, path));
    }
  }
  there.push_back(std::move(document));
  return absl::OkStatus();
}

const IssuerDocuments::Document* IssuerDocuments::Find(
    const HttpRequest& request) const {
  const auto found = documents_.find(request.path);
  if (found == documents_.end()) return nullptr;
  const std::vector<Document>& there = found->second;
  // Behind a proxy, the host may be any.
  if (there.size() == 1) return &there.front();
  const std::string* const host = FindField(request.fields, "Host");
  if (host == nullptr) return nullptr;
  const auto document =
      absl::c_find_if(there, [name = NormalHost(*host)](const Document& each) {
        return each.host == name;
      });
  return document == there.end() ? nullptr : &*document;
}

HttpResponse IssuerDocuments::Answer(const HttpRequest& request) const {
  const Document* const document = Find(request);
  if (document == nullptr) {
    return ErrorResponse(404, "not_found",
                         "several issuers have a document here, none of them "
                         "at this host");
  }
  HttpResponse response =
      document->metadata.empty()
          ? JwkSet(*document->plan)
          : CacheableResponse("application/json", kMetadataLifetime,
                              document->metadata);
  const std::string* const known = FindField(request.fields, "If-None-Match");
  const std::string& etag = *FindField(response.fields, "ETag");
  if (known != nullptr && Matches(*known, etag)) {
    response.status = 304;
    response.body.clear();
  }
  return response;
}

HttpResponse IssuerDocuments::JwkSet(const IssuerPlan& plan) const {
  // In this order: should keys change meanwhile, the lifetime is that of the
  // set before, and has ended.
  const IssuerKeyRecords records = issuers_->Records(plan.issuer);
  const absl::Duration lifetime =
      JwksLifetime(plan.signing, records, state_->StoreTime());
  return CacheableResponse("application/jwk-set+json", lifetime,
                           issuers_->PublicJwkSet(plan.issuer));
}

}  // namespace signet
