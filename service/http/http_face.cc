#include "service/http/http_face.h"

#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "service/audit/described_call.h"
#include "service/http/form.h"
#include "service/http/http_error.h"
#include "service/http/issuer_metadata.h"
#include "signet/v1/revocation_service.pb.h"

namespace signet {
namespace {

using config::v1::HTTP_PERMISSION_INTROSPECT;
using config::v1::HTTP_PERMISSION_METRICS;
using config::v1::HTTP_PERMISSION_REVOKE_ANY;
using config::v1::HTTP_PERMISSION_REVOKE_OWN;

constexpr char kReadinessPath[] = "/readyz";

// Of which a second one could be read by somebody else on the way.
constexpr absl::string_view kSingleFields[] = {
    "Host", "Authorization", "Content-Type", "Content-Length"};

HttpResponse PlainText(int status, const std::string& text) {
  return {
      .status = status,
      .fields = {{"Content-Type", "text/plain"}, {"Cache-Control", "no-store"}},
      .body = text};
}

HttpResponse WrongMethod(const std::string& allowed) {
  HttpResponse response = ErrorResponse(405, "invalid_request",
                                        "not a method that is allowed here");
  response.fields.push_back({"Allow", allowed});
  return response;
}

// RFC 6749 section 5.2, RFC 6750 section 3. Says the same whatever is wrong.
HttpResponse Unauthenticated(const std::string* authorization) {
  const bool is_bearer = authorization != nullptr &&
                         SchemeOf(*authorization) == AuthScheme::kBearer;
  HttpResponse response =
      ErrorResponse(401, is_bearer ? "invalid_token" : "invalid_client",
                    "credentials are required, and must be good");
  if (is_bearer) {
    response.fields.push_back(
        {"WWW-Authenticate",
         R"(Bearer realm="signet", error="invalid_token")"});
    return response;
  }
  response.fields.push_back({"WWW-Authenticate", R"(Basic realm="signet")"});
  // Whoever tries nothing is told everything.
  if (authorization == nullptr) {
    response.fields.push_back({"WWW-Authenticate", R"(Bearer realm="signet")"});
  }
  return response;
}

HttpResponse NotAllowed() {
  return ErrorResponse(400, "unauthorized_client",
                       "the client is not allowed to do this");
}

bool MayRevoke(const HttpClient& client) {
  return client.May(HTTP_PERMISSION_REVOKE_OWN) ||
         client.May(HTTP_PERMISSION_REVOKE_ANY);
}

bool HasAmbiguousField(const HttpRequest& request) {
  return absl::c_any_of(kSingleFields, [&](absl::string_view name) {
    return CountFields(request.fields, name) > 1;
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<const HttpFace>> HttpFace::Create(
    const HttpOptions& options, std::shared_ptr<const ServerSetup> setup,
    std::shared_ptr<DurableState> state,
    std::shared_ptr<const MetricsPage> metrics,
    std::shared_ptr<AuditLog> audit) {
  std::optional<Algorithm> answer_algorithm;
  if (options.signer) answer_algorithm = options.signer->algorithm;
  absl::StatusOr<IssuerDocuments> documents = IssuerDocuments::Create(
      setup->issuers, state, OffersTo(options.clients, answer_algorithm));
  if (!documents.ok()) return documents.status();
  return absl::WrapUnique(new HttpFace(options, std::move(setup),
                                       std::move(state), *std::move(documents),
                                       std::move(metrics), std::move(audit)));
}

HttpResponse HttpFace::Answer(const HttpRequest& request, BodyReader read_body,
                              absl::Time now) const {
  if (HasAmbiguousField(request)) {
    return ErrorResponse(400, "invalid_request", "a header field comes twice");
  }
  const std::string& path = request.path;
  if (path == kIntrospectionPath || path == kRevocationPath) {
    if (request.method != "POST") return WrongMethod("POST");
    return AnswerClient(request, read_body, now);
  }
  const bool is_ours =
      path == kHealthPath || path == kReadinessPath || path == kMetricsPath;
  if (!is_ours && !documents_.Has(path)) {
    return ErrorResponse(404, "not_found", "there is nothing here");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return WrongMethod("GET, HEAD");
  }
  if (path == kHealthPath) return PlainText(200, "alive\n");
  if (path == kReadinessPath) return Readiness();
  if (path == kMetricsPath) return Metrics(request, now);
  return documents_.Answer(request);
}

HttpResponse HttpFace::Readiness() const {
  return setup_->freshness->CheckVerifying().ok()
             ? PlainText(200, "ready\n")
             : PlainText(503, "not ready: behind the store\n");
}

HttpResponse HttpFace::Metrics(const HttpRequest& request,
                               absl::Time now) const {
  if (metrics_readers_ != MetricsReaders::kEveryone) {
    const HttpClient* const client =
        Authenticate(FindField(request.fields, "Authorization"));
    if (client == nullptr || !client->May(HTTP_PERMISSION_METRICS)) {
      return Refuse(request, client, now);
    }
  }
  return {.status = 200,
          .fields = {{"Content-Type", kMetricsContentType},
                     {"Cache-Control", "no-store"}},
          .body = metrics_->Text()};
}

const HttpClient* HttpFace::Authenticate(
    const std::string* authorization) const {
  return authorization == nullptr ? nullptr
                                  : clients_.Authenticate(*authorization);
}

HttpResponse HttpFace::AnswerClient(const HttpRequest& request,
                                    BodyReader read_body,
                                    absl::Time now) const {
  const HttpClient* const client =
      Authenticate(FindField(request.fields, "Authorization"));
  const bool introspects = request.path == kIntrospectionPath;
  const bool may = client != nullptr &&
                   (introspects ? client->May(HTTP_PERMISSION_INTROSPECT)
                                : MayRevoke(*client));
  if (!may) return Refuse(request, client, now);
  const absl::StatusOr<Form> form = ReadForm(request, read_body);
  if (!form.ok()) return FailureResponse(form.status());
  const auto token = form->find("token");
  // RFC 6749 section 3.1: one without a value counts as left out.
  if (token == form->end() || token->second.empty()) {
    return ErrorResponse(400, "invalid_request", "token: is required");
  }
  return introspects
             ? introspection_.Answer(request, token->second, *client, now)
             : Revoke(request, token->second, *client, now);
}

HttpResponse HttpFace::Revoke(const HttpRequest& request,
                              const std::string& token,
                              const HttpClient& client, absl::Time now) const {
  HttpResponse response = revocation_.Answer(token, client, now);
  AuditEvent event = {.time = now,
                      .outcome = response.status == 200
                                     ? "OK"
                                     : absl::StrCat("HTTP ", response.status)};
  v1::RevokeRequest asked;
  asked.set_token(token);
  Describe(asked, event);
  Audit(request, &client, std::move(event));
  return response;
}

HttpResponse HttpFace::Refuse(const HttpRequest& request,
                              const HttpClient* client, absl::Time now) const {
  Audit(
      request, client,
      {.time = now,
       .outcome = client == nullptr ? "UNAUTHENTICATED" : "PERMISSION_DENIED"});
  return client == nullptr
             ? Unauthenticated(FindField(request.fields, "Authorization"))
             : NotAllowed();
}

void HttpFace::Audit(const HttpRequest& request, const HttpClient* client,
                     AuditEvent event) const {
  if (!audit_) return;
  if (client != nullptr) event.caller = absl::StrCat("http:", client->id);
  event.action = absl::StrCat(request.method, " ", request.path);
  // What was revoked stays revoked, whether or not that could be written.
  audit_->Write(event).IgnoreError();
}

}  // namespace signet
