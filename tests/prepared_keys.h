#ifndef SIGNET_TESTS_PREPARED_KEYS_H_
#define SIGNET_TESTS_PREPARED_KEYS_H_

#include "absl/strings/string_view.h"
#include "keys/key_preparer.h"
#include "keys/verification_key.h"

namespace signet {

// HasTable says whether `key` has a table at the moment.
bool HasTable(const VerificationKey& key);

// Use counts `uses` verifications without a table.
void Use(const VerificationKey& key, int uses);

// PrepareAll has `preparer` do all there is to do.
void PrepareAll(KeyPreparer& preparer);

// GiveTable makes `key` hot and has `preparer` prepare it. Returns whether it
// has a table then.
bool GiveTable(KeyPreparer& preparer, const VerificationKey& key);

// VerifyEveryWay returns what VerifySignature says of a signature without a
// table, and fails the test unless it says the same with one, where there can
// be one, and unless VerifySignatures does, alone and among corrupted
// signatures.
bool VerifyEveryWay(const VerificationKey& key, absl::string_view signing_input,
                    absl::string_view signature);

}  // namespace signet

#endif  // SIGNET_TESTS_PREPARED_KEYS_H_
