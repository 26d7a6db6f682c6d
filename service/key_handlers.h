#ifndef SIGNET_SERVICE_KEY_HANDLERS_H_
#define SIGNET_SERVICE_KEY_HANDLERS_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/current_setup.h"
#include "service/durable_state.h"
#include "service/live_issuers.h"
#include "signet/v1/key_service.pb.h"
#include "signet/v1/revocation_service.pb.h"

namespace signet {

// KeyHandlers answers the RPCs of KeyService and RevocationService: plain
// functions from request to response. What changes the store calls `done` when
// it is durable, on a thread of the state's, or at once if it cannot be. May be
// used from many threads at once.
class KeyHandlers {
 public:
  template <typename Response>
  using Done = std::function<void(const absl::StatusOr<Response>&)>;

  KeyHandlers(std::shared_ptr<DurableState> state,
              std::shared_ptr<const CurrentSetup> setup)
      : state_(std::move(state)), setup_(std::move(setup)) {}

  void ListKeys(const v1::ListKeysRequest& request, absl::Time now,
                const Done<v1::ListKeysResponse>& done) const;
  void RotateKey(const v1::RotateKeyRequest& request, absl::Time now,
                 const Done<v1::RotateKeyResponse>& done) const;
  void RevokeKey(const v1::RevokeKeyRequest& request, absl::Time now,
                 const Done<v1::RevokeKeyResponse>& done) const;
  void Revoke(const v1::RevokeRequest& request, absl::Time now,
              const Done<v1::RevokeResponse>& done) const;

  // CurrentJwks is what WatchJwks streams. NotFound, if Signet does not sign as
  // this issuer.
  absl::StatusOr<v1::WatchJwksResponse> CurrentJwks(
      const v1::WatchJwksRequest& request) const;

 private:
  std::shared_ptr<const LiveIssuers> issuers() const {
    return setup_->Share()->issuers;
  }
  void AddKeys(const LiveIssuers& issuers, const IssuerPlan& plan,
               absl::Time now, v1::ListKeysResponse& response) const;
  absl::StatusOr<std::vector<KeyStep>> PlanRotation(const std::string& issuer,
                                                    Algorithm algorithm) const;
  template <typename Response>
  Response ToResponse(const std::vector<KeyStep>& steps, absl::Time now) const;

  std::shared_ptr<DurableState> state_;
  std::shared_ptr<const CurrentSetup> setup_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_KEY_HANDLERS_H_
