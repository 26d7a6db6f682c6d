#include "tests/service/reload/reloadable_server.h"

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "service/event_log.h"
#include "service/state_options.h"
#include "store/open_store.h"
#include "tests/service/running_server.h"

namespace signet {
namespace {

const std::string kAudience = "x";

std::string Whole(const std::string& config) {
  return absl::StrCat("listen: {address: \"127.0.0.1:0\"}\n", config);
}

std::shared_ptr<DurableState> StartState(const ServerSetup& setup,
                                         std::shared_ptr<EventLog> log) {
  // Makes the folder.
  KeyEncryptionKey sealer = LoadKeyEncryptionKey(setup.state).value();
  return DurableState::Start({.store = OpenStore(setup.state.store).value(),
                              .sealer = std::move(sealer),
                              .issuers = setup.issuers,
                              .remote = setup.remote,
                              .revocations = setup.revocations,
                              .freshness = setup.freshness,
                              .log = std::move(log)})
      .value();
}

}  // namespace

ReloadableServer::ReloadableServer(const TestFolder& folder,
                                   const std::string& config)
    : folder_(folder), counts_(std::make_shared<ReloadCounts>(absl::Now())) {
  folder.Write("signet.yaml", Whole(config));
  const std::string file = folder.PathTo("signet.yaml");
  std::vector<FileMark> marks;
  ServerPlan plan = ReadServerPlan(file, nullptr, marks).value();
  const auto log = std::make_shared<EventLog>();
  setup_ = std::make_shared<CurrentSetup>(plan.setup);
  state_ = StartState(*plan.setup, log);
  server_ = TokenServer::Start({.address = plan.exposure.address,
                                .credentials = plan.exposure.credentials,
                                .setup = setup_,
                                .state = state_})
                .value();
  reloader_.emplace(
      file, std::move(plan), std::move(marks),
      RunningParts{.setup = setup_,
                   .state = state_,
                   .begin_fetching = [](const std::shared_ptr<RemoteIssuers>&)
                       -> absl::StatusOr<std::unique_ptr<RemoteRefresher>> {
                     return absl::UnimplementedError("nothing is fetched here");
                   },
                   .log = log,
                   .counts = counts_});
  const auto channel = NewChannel(server_->port());
  tokens_ = v1::TokenService::NewStub(channel);
  keys_ = v1::KeyService::NewStub(channel);
}

absl::Status ReloadableServer::Reload(const std::string& config) {
  folder_.Write("signet.yaml", Whole(config));
  return reloader_->Reload("test");
}

std::string ReloadableServer::Sign(const std::string& issuer) const {
  v1::SignRequest request;
  request.set_issuer(issuer);
  request.set_kind(v1::TOKEN_KIND_JWT);
  request.set_subject("s");
  request.add_audiences(kAudience);
  v1::SignResponse response;
  const grpc::Status status =
      tokens_->Sign(NewContext().get(), request, &response);
  return status.ok() ? response.token() : status.error_message();
}

std::string ReloadableServer::Outcome(const std::string& token,
                                      const std::string& policy) const {
  v1::VerifyRequest request;
  request.set_token(token);
  request.set_policy(policy);
  v1::VerifyResponse response;
  const grpc::Status status =
      tokens_->Verify(NewContext().get(), request, &response);
  if (!status.ok()) return status.error_message();
  if (response.has_verified()) return "verified";
  return v1::RejectionReason_Name(response.rejection().reason());
}

}  // namespace signet
