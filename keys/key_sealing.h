#ifndef SIGNET_KEYS_KEY_SEALING_H_
#define SIGNET_KEYS_KEY_SEALING_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "keys/key_material.h"
#include "keys/signing_key.h"

namespace signet {

// KeyEncryptionKey seals private keys for the store with AES-256-GCM. What is
// sealed is bound to its issuer and key id: nobody who can write to the store
// can have one key taken for another. May be used from many threads at once.
class KeyEncryptionKey {
 public:
  // Generate makes a new one.
  static KeyEncryptionKey Generate();

  // Parse reads 32 bytes in base64url (43 characters), with or without a line
  // break at the end. InvalidArgument says what is wrong, without the key.
  static absl::StatusOr<KeyEncryptionKey> Parse(absl::string_view text);

  // Load reads it from a file, which must be as private as a signing key's
  // (FileContents::Read). Errors begin with the path.
  static absl::StatusOr<KeyEncryptionKey> Load(const std::string& path);

  // Create generates a key, and a new file of mode 0600 for it. AlreadyExists
  // if there is a file; it is then unchanged. Errors begin with the path.
  static absl::StatusOr<KeyEncryptionKey> Create(const std::string& path);

  // LoadOrCreate loads the key, or creates it if there is no file.
  static absl::StatusOr<KeyEncryptionKey> LoadOrCreate(const std::string& path);

  // id tells key-encryption keys apart, and says nothing about them. 16
  // characters.
  const std::string& id() const { return id_; }

  // Seal returns the sealed private JWK of `key`.
  std::string Seal(absl::string_view issuer, const SigningKey& key) const;

  // Open reverses Seal. FailedPrecondition, if another key-encryption key
  // sealed it; DataLoss, if it was altered, or sealed as another key.
  absl::StatusOr<SigningKey> Open(absl::string_view issuer,
                                  absl::string_view key_id,
                                  absl::string_view sealed,
                                  const KeyLimits& limits) const;

 private:
  explicit KeyEncryptionKey(SecretBytes secret);

  // What is authenticated with a private key, and is not secret.
  std::string Context(absl::string_view issuer, absl::string_view key_id) const;

  SecretBytes secret_;
  std::string id_;
};

}  // namespace signet

#endif  // SIGNET_KEYS_KEY_SEALING_H_
