#ifndef SIGNET_TESTS_ANSWER_H_
#define SIGNET_TESTS_ANSWER_H_

#include <string>

#include "jose/rejection.h"

namespace signet {

// ReasonName returns the name of a reason: "EXPIRED".
std::string ReasonName(RejectionReason reason);

// AnswerOf writes a rejection as its reason and the claim at fault, so that a
// table of answers reads as the specification: "CLAIM_INVALID exp".
std::string AnswerOf(const Rejection& rejection);

// AnswerOf is "accepted" if there is no rejection.
template <typename T>
std::string AnswerOf(const RejectionOr<T>& result) {
  return result.ok() ? "accepted" : AnswerOf(result.rejection());
}

}  // namespace signet

#endif  // SIGNET_TESTS_ANSWER_H_
