#include "tests/service/http/face_fixture.h"

#include "absl/time/clock.h"
#include "keys/key_sealing.h"
#include "service/audit/audit_log.h"
#include "service/event_log.h"
#include "service/freshness.h"
#include "service/metrics/metrics_page.h"
#include "service/yaml/yaml_config.h"
#include "store/open_store.h"

namespace signet {
namespace {

constexpr char kConfig[] = R"(
issuers:
  - issuer: https://a.example
    signing: {generate: [EdDSA]}
  - issuer: https://b.example
    signing: {generate: [EdDSA]}
  - issuer: https://a.example/tenant
    signing: {generate: [EdDSA]}
  - issuer: https://remote.example
    remote: {jwks_url: "http://127.0.0.1:1/keys"}
policies:
  - name: orders
    kind: ACCESS_TOKEN
    issuers: [https://a.example]
    audiences: [https://orders.example]
state: {refuse_when_stale: true}
http:
  address: 127.0.0.1:0
  introspection_issuer: https://a.example
  limits: {keep_alive_timeout: 1m}
  clients:
    - client_id: shop
      secret_file: secret
      permissions: [INTROSPECT, REVOKE_OWN]
      policy: orders
    - client_id: gate
      bearer_file: bearer
      permissions: [REVOKE_ANY]
    - client_id: prometheus
      bearer_file: scraper
      permissions: [METRICS]
)";

}  // namespace

const char kShopCredentials[] = "Basic c2hvcDowMTIzNDU2Nzg5YWJjZGVm";
const char kGateCredentials[] = "Bearer fedcba9876543210";
const char kScraperCredentials[] = "Bearer 0011223344556677";

FaceFixture::FaceFixture(absl::Duration patience) {
  folder_.Write("secret", "0123456789abcdef");
  folder_.Write("bearer", "fedcba9876543210");
  folder_.Write("scraper", "0011223344556677");
  const config::v1::ServerConfig config =
      ParseServerConfig(kConfig, "signet.yaml").value();
  auto setup = std::make_shared<ServerSetup>(
      BuildServerSetup(config, folder_.path()).value());
  setup->freshness = std::make_shared<Freshness>(
      absl::Minutes(1), WhenStale::kRefuse,
      [step = step_, hours = std::make_shared<std::atomic<int>>(0)] {
        return absl::Hours(*hours += *step);
      });
  setup_ = setup;
  auto store = std::make_unique<SwitchedStore>(
      OpenStore("sqlite:" + folder_.PathTo("signet.db")).value());
  store_ = store.get();
  state_ = DurableState::Start({.store = std::move(store),
                                .sealer = KeyEncryptionKey::Generate(),
                                .issuers = setup_->issuers,
                                .remote = setup_->remote,
                                .revocations = setup_->revocations,
                                .freshness = setup_->freshness,
                                .log = std::make_shared<EventLog>()})
               .value();
  options_.emplace(
      ReadHttpOptions(config.http(), *setup_, folder_.path(), absl::Now())
          .value());
  options_->limits.request_timeout = patience;
  face_ =
      HttpFace::Create(
          *options_, setup_, state_,
          std::make_shared<MetricsPage>(MetricsPage::Sources{setup_->counts}),
          AuditLog::Open({.file = AuditFile()}, std::make_shared<EventLog>())
              .value())
          .value();
}

std::string FaceFixture::AccessToken(absl::string_view issuer,
                                     absl::string_view client_id) const {
  TokenRequest request;
  request.kind = TokenKind::kAccessToken;
  request.subject = "alice";
  request.audiences = {"https://orders.example"};
  request.client_id = std::string(client_id);
  return setup_->issuers->FindSigner(issuer)
      .value()
      ->Sign(request, absl::Now())
      ->compact;
}

void FaceFixture::MakeStale() {
  store_->SetAway(true);
  *step_ = 1;
}

HttpResponse FaceFixture::Get(const std::string& path,
                              const std::vector<HttpField>& fields) const {
  return face_->Answer(
      {.method = "GET", .path = path, .fields = fields},
      [] { return absl::StatusOr<std::string>(""); }, absl::Now());
}

HttpResponse FaceFixture::Post(const std::string& path,
                               const std::string& credentials,
                               const std::string& body,
                               const std::vector<HttpField>& fields) const {
  HttpRequest request{
      .method = "POST",
      .path = path,
      .fields = {{"Authorization", credentials},
                 {"Content-Type", "application/x-www-form-urlencoded"}}};
  request.fields.insert(request.fields.end(), fields.begin(), fields.end());
  return face_->Answer(
      request, [&] { return absl::StatusOr<std::string>(body); }, absl::Now());
}

}  // namespace signet
