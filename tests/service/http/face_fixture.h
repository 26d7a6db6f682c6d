#ifndef SIGNET_TESTS_SERVICE_HTTP_FACE_FIXTURE_H_
#define SIGNET_TESTS_SERVICE_HTTP_FACE_FIXTURE_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/durable_state.h"
#include "service/http/http_face.h"
#include "service/http/http_options.h"
#include "service/server_setup.h"
#include "tests/service/switched_store.h"
#include "tests/service/test_folder.h"

namespace signet {

// Credentials of the clients of a FaceFixture.
extern const char kShopCredentials[];     // May introspect, and revoke its own.
extern const char kGateCredentials[];     // May revoke any.
extern const char kScraperCredentials[];  // May read metrics.

// FaceFixture is an HttpFace with all that is behind it. Its issuers are
// https://a.example, https://b.example and https://a.example/tenant, all with
// EdDSA, of which the first signs answers; and https://remote.example, whose
// keys nobody fetches. Its policy, orders, accepts access tokens of
// the first for https://orders.example. Clients wait for the store for
// `patience`.
class FaceFixture {
 public:
  explicit FaceFixture(absl::Duration patience = absl::Minutes(1));

  const HttpFace& face() const { return *face_; }
  std::unique_ptr<const HttpFace> TakeFace() { return std::move(face_); }
  const HttpOptions& options() const { return *options_; }
  HttpOptions& options() { return *options_; }
  SwitchedStore& store() { return *store_; }

  // AccessToken is one that Signet signs now.
  std::string AccessToken(absl::string_view issuer = "https://a.example",
                          absl::string_view client_id = "shop") const;

  // AuditFile is where the face writes what it has revoked and refused.
  std::string AuditFile() const { return folder_.PathTo("audit.log"); }

  // MakeStale takes the store away, and has an hour pass whenever somebody asks
  // since when.
  void MakeStale();

  // Get and Post ask the face. The path of Get may be followed by further
  // fields.
  HttpResponse Get(const std::string& path,
                   const std::vector<HttpField>& fields = {}) const;
  HttpResponse Post(const std::string& path, const std::string& credentials,
                    const std::string& body,
                    const std::vector<HttpField>& fields = {}) const;

 private:
  TestFolder folder_;
  // By how many hours time goes on when somebody asks for it, and what it is.
  std::shared_ptr<std::atomic<int>> step_ =
      std::make_shared<std::atomic<int>>(0);
  std::shared_ptr<const ServerSetup> setup_;
  SwitchedStore* store_ = nullptr;
  std::shared_ptr<DurableState> state_;
  std::optional<HttpOptions> options_;
  std::unique_ptr<const HttpFace> face_;
};

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_HTTP_FACE_FIXTURE_H_
