#ifndef SIGNET_SERVICE_HTTP_ISSUER_DOCUMENTS_H_
#define SIGNET_SERVICE_HTTP_ISSUER_DOCUMENTS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/durable_state.h"
#include "service/http/http_message.h"
#include "service/http/issuer_metadata.h"
#include "service/live_issuers.h"

namespace signet {

// IssuerDocuments is what anyone may read: of each issuer that Signet signs as,
// and whose name LocateIssuer knows, its JWK Set and its metadata, the latter
// at both places that the standards give it (RFC 8414 section 3.1, OpenID
// Connect Discovery section 4). May be used from many threads at once.
class IssuerDocuments {
 public:
  // Create returns InvalidArgument, beginning with "issuers: ", if two
  // documents would be at one place. Without `state`, that is all there is to
  // learn.
  static absl::StatusOr<IssuerDocuments> Create(
      std::shared_ptr<const LiveIssuers> issuers,
      std::shared_ptr<const DurableState> state, const Offers& offers);

  // Has tells whether there is a document at this path, for whatever host.
  bool Has(absl::string_view path) const { return documents_.contains(path); }

  // Answer returns the document that a GET or HEAD asks for, or that it has not
  // changed (RFC 9110 section 13.1.2). Only where issuers share a path it
  // matters which host is asked; where none of them is it, the answer is 404.
  HttpResponse Answer(const HttpRequest& request) const;

 private:
  struct Document {
    std::string host;
    const IssuerPlan* plan;
    // Empty for a JWK Set, which changes.
    std::string metadata;
  };

  IssuerDocuments(std::shared_ptr<const LiveIssuers> issuers,
                  std::shared_ptr<const DurableState> state)
      : issuers_(std::move(issuers)), state_(std::move(state)) {}

  absl::Status Add(const std::string& path, Document document);
  // Null, if it is not known of which of several issuers it should be.
  const Document* Find(const HttpRequest& request) const;
  HttpResponse JwkSet(const IssuerPlan& plan) const;

  std::shared_ptr<const LiveIssuers> issuers_;
  std::shared_ptr<const DurableState> state_;
  // By path.
  absl::flat_hash_map<std::string, std::vector<Document>> documents_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_ISSUER_DOCUMENTS_H_
