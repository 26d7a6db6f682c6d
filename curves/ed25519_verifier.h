#ifndef SIGNET_CURVES_ED25519_VERIFIER_H_
#define SIGNET_CURVES_ED25519_VERIFIER_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "curves/ed25519_table.h"

namespace signet {

// VerifyEd25519 checks `signature` over `message` (RFC 8032 section 5.1.7) with
// a prepared key. The verdict is the one of VerifySignature, for every input.
// Takes variable time: all of its input is public.
bool VerifyEd25519(const Ed25519Table& table, absl::string_view message,
                   absl::string_view signature);

// Ed25519Task is one signature of a batch. It owns nothing.
struct Ed25519Task {
  const Ed25519Table* table;  // not null
  absl::string_view message;
  absl::string_view signature;
};

// VerifyEd25519Batch stores in valid[i] what VerifyEd25519 says of tasks[i].
// There is no equation of several signatures: each gets its own verdict, and
// the others have no influence on it. Tasks may be of different keys, and of
// any number, including none; the larger the batch the faster, up to 64. The
// spans have the same length. Allocates nothing.
void VerifyEd25519Batch(absl::Span<const Ed25519Task> tasks,
                        absl::Span<bool> valid);

}  // namespace signet

#endif  // SIGNET_CURVES_ED25519_VERIFIER_H_
