#ifndef SIGNET_TESTS_SERVICE_RELOAD_RELOADABLE_SERVER_H_
#define SIGNET_TESTS_SERVICE_RELOAD_RELOADABLE_SERVER_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "service/metrics/reload_counts.h"
#include "service/reload/config_reloader.h"
#include "service/token_server.h"
#include "signet/v1/key_service.grpc.pb.h"
#include "signet/v1/token_service.grpc.pb.h"
#include "tests/service/test_folder.h"

namespace signet {

// ReloadableServer serves a configuration that a test can write anew: a
// TokenServer on a port that the system chose, with its store, and a client.
class ReloadableServer {
 public:
  // `config` is YAML, without `listen`. Files that it names are to be in
  // `folder`, which must outlive the server.
  ReloadableServer(const TestFolder& folder, const std::string& config);

  // Reload writes the configuration, and has it reloaded.
  absl::Status Reload(const std::string& config);
  ConfigReloader& reloader() { return *reloader_; }
  ReloadOutcomes outcomes() const { return counts_->outcomes(); }
  const CurrentSetup& setup() const { return *setup_; }
  DurableState& state() { return *state_; }

  v1::TokenService::Stub& tokens() { return *tokens_; }
  v1::KeyService::Stub& keys() { return *keys_; }

  // Sign returns a token for the audience x, or the name of the status.
  std::string Sign(const std::string& issuer) const;
  // Outcome tells what comes of verifying it: "verified", the reason of the
  // rejection, or the code of the status.
  std::string Outcome(const std::string& token,
                      const std::string& policy = "any") const;

 private:
  const TestFolder& folder_;
  const std::shared_ptr<ReloadCounts> counts_;
  std::shared_ptr<CurrentSetup> setup_;
  std::shared_ptr<DurableState> state_;
  std::unique_ptr<TokenServer> server_;
  std::optional<ConfigReloader> reloader_;
  std::unique_ptr<v1::TokenService::Stub> tokens_;
  std::unique_ptr<v1::KeyService::Stub> keys_;
};

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_RELOAD_RELOADABLE_SERVER_H_
