#ifndef SIGNET_TESTS_SERVICE_VERIFY_HANDLER_FIXTURE_H_
#define SIGNET_TESTS_SERVICE_VERIFY_HANDLER_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "service/access/caller.h"
#include "service/token_handlers.h"
#include "signet/v1/rejection.pb.h"
#include "signet/v1/token_service.pb.h"
#include "tests/service/example_setup.h"
#include "tests/service/message_text.h"

namespace signet {

// Outcome is what was said about a token: "verified", the reason and the claim,
// or the status.
inline std::string Outcome(const absl::StatusOr<v1::VerifyResponse>& answer) {
  if (!answer.ok()) return answer.status().ToString();
  if (answer->has_verified()) return "verified";
  const v1::Rejection& rejection = answer->rejection();
  const std::string reason = v1::RejectionReason_Name(rejection.reason());
  return absl::StrCat(reason.substr(std::string("REJECTION_REASON_").size()),
                      " ", rejection.claim());
}

// VerifyHandler is a fixture with handlers of the example setup, and a caller.
class VerifyHandler : public testing::Test {
 protected:
  std::string Sign(const v1::SignRequest& request,
                   absl::Time now = kNow) const {
    return handlers_.Sign(request, Caller::Anonymous(), now).value().token();
  }

  // Verifies with `fields`, which may replace token and policy.
  absl::StatusOr<v1::VerifyResponse> Verify(const std::string& token,
                                            const std::string& policy,
                                            const std::string& fields = "",
                                            absl::Time now = kNow) const {
    v1::VerifyRequest request;
    request.set_token(token);
    request.set_policy(policy);
    request.MergeFrom(FromText<v1::VerifyRequest>(fields));
    return handlers_.Verify(request, now);
  }

  const TokenHandlers handlers_{NewExampleSetup()};
};

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_VERIFY_HANDLER_FIXTURE_H_
