#ifndef SIGNET_SERVICE_MESSAGE_CONVERSION_H_
#define SIGNET_SERVICE_MESSAGE_CONVERSION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "google/protobuf/timestamp.pb.h"
#include "jose/rejection.h"
#include "signet/v1/rejection.pb.h"
#include "signet/v1/token.pb.h"
#include "signet/v1/token_service.pb.h"
#include "verifier/check.h"
#include "verifier/verified_jwt.h"

namespace signet {

// ToMessage turns an answer, or a part of one, into its form on the wire.
// Times and durations must be finite.
google::protobuf::Timestamp ToMessage(absl::Time time);
google::protobuf::Duration ToMessage(absl::Duration duration);
v1::Rejection ToMessage(const Rejection& rejection);
v1::Check ToMessage(const CheckReport& report);
v1::VerifiedToken ToMessage(const VerifiedJwt& jwt);

// ToIntrospectionMessage is the answer about a token that is active (RFC 7662
// section 2.2).
v1::IntrospectResponse ToIntrospectionMessage(const VerifiedJwt& jwt);

// DurationFromMessage returns InvalidArgument, beginning with `field`, unless
// the duration is well-formed and positive.
absl::StatusOr<absl::Duration> DurationFromMessage(
    const google::protobuf::Duration& message, absl::string_view field);

// StringsFromMessage copies a repeated field.
std::vector<std::string> StringsFromMessage(
    const google::protobuf::RepeatedPtrField<std::string>& field);

// TimeFromMessage returns InvalidArgument, beginning with `field`, unless the
// timestamp is well-formed.
absl::StatusOr<absl::Time> TimeFromMessage(
    const google::protobuf::Timestamp& message, absl::string_view field);

}  // namespace signet

#endif  // SIGNET_SERVICE_MESSAGE_CONVERSION_H_
