#ifndef SIGNET_SERVICE_TOKEN_HANDLERS_H_
#define SIGNET_SERVICE_TOKEN_HANDLERS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "google/protobuf/message.h"
#include "service/access/authorized_sign.h"
#include "service/access/caller.h"
#include "service/server_setup.h"
#include "signer/jwt_signer.h"
#include "signet/v1/token_service.pb.h"
#include "verifier/jwt_verifier.h"
#include "verifier/verified_jwt.h"

namespace signet {

// TokenHandlers answers the RPCs of TokenService: plain functions from request
// to response, the same ones for every way a request can come in. Immutable,
// and may be used from many threads at once. They wait for nothing: what
// depends on keys that are being fetched is Unavailable, with an AwaitedIssuer.
// In a batch it is so alone: the others are not to wait for a slow issuer.
class TokenHandlers {
 public:
  explicit TokenHandlers(std::shared_ptr<const ServerSetup> setup)
      : setup_(std::move(setup)) {}

  // Sign signs what `caller` may ask for. PermissionDenied, if it is more than
  // that, whether or not it could be signed at all.
  absl::StatusOr<v1::SignResponse> Sign(const v1::SignRequest& request,
                                        const Caller& caller,
                                        absl::Time now) const;
  absl::StatusOr<v1::VerifyResponse> Verify(const v1::VerifyRequest& request,
                                            absl::Time now) const;
  // VerifyTogether answers each of `requests` as Verify does, in their order,
  // and faster (JwtVerifier::VerifyBatch), except those that ask to explain.
  // What is wrong with one is of no consequence for the others.
  std::vector<absl::StatusOr<v1::VerifyResponse>> VerifyTogether(
      absl::Span<const v1::VerifyRequest* const> requests,
      absl::Time now) const;
  absl::StatusOr<v1::BatchVerifyResponse> BatchVerify(
      const v1::BatchVerifyRequest& request, absl::Time now) const;
  // StreamVerify answers requests of a stream that have arrived together, in
  // their order. An answer that is too large to send is a failure.
  std::vector<v1::StreamVerifyResponse> StreamVerify(
      absl::Span<const v1::StreamVerifyRequest> requests, absl::Time now) const;
  absl::StatusOr<v1::IntrospectResponse> Introspect(
      const v1::IntrospectRequest& request, absl::Time now) const;

  // Exchange signs a token with which `caller` acts for the subject of another,
  // as far as they may. Whether they may ask for such a token comes before the
  // question whether the other one is good. FailedPrecondition, where callers
  // are not known.
  absl::StatusOr<v1::ExchangeResponse> Exchange(
      const v1::ExchangeRequest& request, const Caller& caller,
      absl::Time now) const;

  // CheckResponseSize returns ResourceExhausted for a response that is larger
  // than a request may be: a caller that takes no more would learn nothing from
  // it.
  absl::Status CheckResponseSize(
      const google::protobuf::Message& response) const;

 private:
  absl::StatusOr<SignedToken> Issue(const Caller& caller,
                                    const AuthorizedSign& asked,
                                    absl::Time now) const;
  absl::StatusOr<Verdict> VerifySubjectToken(const v1::ExchangeRequest& request,
                                             absl::Time now) const;
  std::string IssuerToSignAs(const std::string& asked) const;
  void Count(const VerifiedJwt& token, absl::Time now) const;
  // Is CheckDecided, and counts what came out.
  absl::Status Conclude(const Verdict& verdict,
                        absl::string_view compact) const;
  absl::StatusOr<v1::VerifyResponse> ToAnswer(
      const absl::StatusOr<Verdict>& verdict, absl::string_view compact) const;

  std::shared_ptr<const ServerSetup> setup_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_TOKEN_HANDLERS_H_
