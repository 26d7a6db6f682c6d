#ifndef SIGNET_SERVICE_HTTP_HTTP_FACE_H_
#define SIGNET_SERVICE_HTTP_HTTP_FACE_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/audit/audit_event.h"
#include "service/audit/audit_log.h"
#include "service/durable_state.h"
#include "service/http/http_clients.h"
#include "service/http/http_message.h"
#include "service/http/http_options.h"
#include "service/http/introspection.h"
#include "service/http/issuer_documents.h"
#include "service/http/revocation.h"
#include "service/metrics/metrics_page.h"
#include "service/server_setup.h"

namespace signet {

// kHealthPath says, to anyone, that the process lives.
inline constexpr char kHealthPath[] = "/healthz";

// kMetricsPath is where Prometheus looks.
inline constexpr char kMetricsPath[] = "/metrics";

// HttpFace answers requests: a plain function from request to response, which
// knows no HTTP server. What is not known is refused. May be used from many
// threads at once.
class HttpFace {
 public:
  // Create returns InvalidArgument, if two issuers would have a document at
  // the same place. `setup` and `state` are what the RPCs are served with;
  // `audit` is where they write what is done, or null.
  static absl::StatusOr<std::unique_ptr<const HttpFace>> Create(
      const HttpOptions& options, std::shared_ptr<const ServerSetup> setup,
      std::shared_ptr<DurableState> state,
      std::shared_ptr<const MetricsPage> metrics,
      std::shared_ptr<AuditLog> audit);

  // Answer answers a request, at `now`. Only for a client that is known, and
  // may do what it asks for, it reads the body. The response has its body also
  // for HEAD, where it is not to be sent. What was revoked, or refused because
  // of who asked, is in the audit log by then.
  HttpResponse Answer(const HttpRequest& request, BodyReader read_body,
                      absl::Time now) const;

 private:
  HttpFace(const HttpOptions& options, std::shared_ptr<const ServerSetup> setup,
           std::shared_ptr<DurableState> state, IssuerDocuments documents,
           std::shared_ptr<const MetricsPage> metrics,
           std::shared_ptr<AuditLog> audit)
      : setup_(setup),
        clients_(options.clients),
        metrics_readers_(options.metrics_readers),
        metrics_(std::move(metrics)),
        audit_(std::move(audit)),
        documents_(std::move(documents)),
        introspection_(setup, options.signer),
        revocation_(std::move(setup), std::move(state),
                    options.limits.request_timeout) {}

  // Whether the process serves and is not behind: what health says over gRPC.
  HttpResponse Readiness() const;
  // Shows the metrics to those who may read them.
  HttpResponse Metrics(const HttpRequest& request, absl::Time now) const;
  // Whose credentials are in the field, or null.
  const HttpClient* Authenticate(const std::string* authorization) const;
  // Answers one of the two endpoints for clients.
  HttpResponse AnswerClient(const HttpRequest& request, BodyReader read_body,
                            absl::Time now) const;
  HttpResponse Revoke(const HttpRequest& request, const std::string& token,
                      const HttpClient& client, absl::Time now) const;
  // Answers a request that nobody, or only somebody else, may make.
  HttpResponse Refuse(const HttpRequest& request, const HttpClient* client,
                      absl::Time now) const;
  // Writes a line to the audit log, if there is one. `client` is null, if it is
  // not known.
  void Audit(const HttpRequest& request, const HttpClient* client,
             AuditEvent event) const;

  std::shared_ptr<const ServerSetup> setup_;
  HttpClients clients_;
  MetricsReaders metrics_readers_;
  std::shared_ptr<const MetricsPage> metrics_;
  std::shared_ptr<AuditLog> audit_;
  IssuerDocuments documents_;
  Introspection introspection_;
  Revocation revocation_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_HTTP_FACE_H_
