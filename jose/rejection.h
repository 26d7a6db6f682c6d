#ifndef SIGNET_JOSE_REJECTION_H_
#define SIGNET_JOSE_REJECTION_H_

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/string_view.h"
#include "jose/algorithm.h"

namespace signet {

// RejectionReason is why a token was refused. The contract documents each one
// (proto/signet/v1/rejection.proto); the two lists are the same.
enum class RejectionReason {
  kMalformed,
  kTooLarge,
  kUnsupportedHeader,
  kAlgorithmNotAllowed,
  kWrongTokenKind,
  kIssuerNotAccepted,
  kKeyNotFound,
  kSignatureInvalid,
  kClaimMissing,
  kClaimInvalid,
  kExpired,
  kNotYetValid,
  kIssuedInFuture,
  kTooOld,
  kAudienceMismatch,
  kScopeInsufficient,
  kNonceMismatch,
  kAuthorizedPartyMismatch,
  kAccessTokenHashMismatch,
  kAuthenticationTooOld,
  kRevoked,
};

// Rejection says why a token was refused. Rejected is an answer, not an error.
struct Rejection {
  RejectionReason reason;
  // The claim or header parameter at fault, or empty. Names come from the RFCs
  // or from the policy, never from the token.
  std::string claim;
  // One constant sentence for people.
  absl::string_view detail;
  // For counting: the issuer, as the policy names it, which it views; and the
  // algorithm that the token names. Nothing, if the verifier did not get so
  // far.
  absl::string_view issuer = {};
  std::optional<Algorithm> algorithm = std::nullopt;
};

// RejectionOr holds a T, or the reason why there is none.
template <typename T>
class [[nodiscard]] RejectionOr {
 public:
  // Implicit, so that a function can return either.
  RejectionOr(T value) : value_(std::move(value)) {}                  // NOLINT
  RejectionOr(Rejection rejection) : value_(std::move(rejection)) {}  // NOLINT

  bool ok() const { return std::holds_alternative<T>(value_); }

  // rejection is only for when ok() is false; the others, for when it is true.
  const Rejection& rejection() const { return std::get<Rejection>(value_); }
  const T& operator*() const& { return std::get<T>(value_); }
  T& operator*() & { return std::get<T>(value_); }
  T&& operator*() && { return std::get<T>(std::move(value_)); }
  const T* operator->() const { return &std::get<T>(value_); }
  T* operator->() { return &std::get<T>(value_); }

 private:
  std::variant<T, Rejection> value_;
};

}  // namespace signet

#endif  // SIGNET_JOSE_REJECTION_H_
