#include "keys/key_sealing.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "curves/error_queue.h"
#include "jose/base64url.h"
#include "jose/json.h"
#include "keys/digest.h"
#include "keys/file_contents.h"
#include "keys/jwk.h"
#include "keys/secret_file.h"
#include "openssl/aead.h"
#include "openssl/mem.h"
#include "openssl/rand.h"

namespace signet {
namespace {

constexpr size_t kSecretBytes = 32;
// At random, so one key-encryption key is good for 2^32 seals (NIST SP 800-38D
// section 8.3): each is one more key of an issuer.
constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;
constexpr size_t kIdCharacters = 16;

// A sealed key is this, the id of the key-encryption key, the nonce, and what
// AES-256-GCM makes of the private JWK.
constexpr absl::string_view kFormat = "1";
constexpr size_t kHeadBytes = kFormat.size() + kIdCharacters + kNonceBytes;

bssl::UniquePtr<EVP_AEAD_CTX> NewCipher(const SecretBytes& secret) {
  return bssl::UniquePtr<EVP_AEAD_CTX>(EVP_AEAD_CTX_new(
      EVP_aead_aes_256_gcm(), secret.bytes().data(), secret.size(), kTagBytes));
}

absl::Status Altered() {
  return absl::DataLossError(
      "a stored private key was altered, or belongs to another issuer or key "
      "id; restore the store from a backup, or revoke the key");
}

absl::StatusOr<SigningKey> ParseOpened(absl::string_view jwk,
                                       const KeyLimits& limits) {
  const absl::StatusOr<JsonDocument> document = JsonDocument::ParseObject(jwk);
  if (!document.ok()) return Altered();
  return ParsePrivateJwk(*AsObject(document->root()), {std::nullopt, limits});
}

}  // namespace

KeyEncryptionKey::KeyEncryptionKey(SecretBytes secret)
    : secret_(std::move(secret)) {
  std::string named = "signet key-encryption key";
  absl::StrAppend(&named, AsText(secret_.bytes()));
  const Digest digest(EVP_sha256(), named);
  OPENSSL_cleanse(named.data(), named.size());
  id_ = absl::BytesToHexString(
      AsText(digest.bytes().subspan(0, kIdCharacters / 2)));
}

KeyEncryptionKey KeyEncryptionKey::Generate() {
  std::array<uint8_t, kSecretBytes> bytes;
  RAND_bytes(bytes.data(), bytes.size());  // Aborts rather than fail.
  SecretBytes secret(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return KeyEncryptionKey(std::move(secret));
}

absl::StatusOr<KeyEncryptionKey> KeyEncryptionKey::Parse(
    absl::string_view text) {
  text = absl::StripSuffix(text, "\n");
  std::array<uint8_t, kSecretBytes> bytes;
  if (Base64UrlDecodedSize(text.size()) != bytes.size() ||
      !Base64UrlDecodeTo(text, reinterpret_cast<char*>(bytes.data()))) {
    return absl::InvalidArgumentError(
        "is not a key-encryption key: 32 bytes in base64url, which are 43 "
        "characters");
  }
  SecretBytes secret(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return KeyEncryptionKey(std::move(secret));
}

absl::StatusOr<KeyEncryptionKey> KeyEncryptionKey::Load(
    const std::string& path) {
  const absl::StatusOr<FileContents> contents =
      FileContents::Read(path, Privacy::kSecret);
  if (!contents.ok()) return contents.status();
  absl::StatusOr<KeyEncryptionKey> key = Parse(contents->text());
  if (key.ok()) return key;
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": ", key.status().message()));
}

absl::StatusOr<KeyEncryptionKey> KeyEncryptionKey::Create(
    const std::string& path) {
  KeyEncryptionKey key = Generate();
  std::string text = Base64UrlEncode(AsText(key.secret_.bytes())) + "\n";
  const absl::Status saved = CreateSecretFile(path, text);
  OPENSSL_cleanse(text.data(), text.size());
  if (!saved.ok()) return saved;
  return key;
}

absl::StatusOr<KeyEncryptionKey> KeyEncryptionKey::LoadOrCreate(
    const std::string& path) {
  absl::StatusOr<KeyEncryptionKey> kept = Load(path);
  if (!absl::IsNotFound(kept.status())) return kept;
  absl::StatusOr<KeyEncryptionKey> created = Create(path);
  // If somebody else was faster, theirs is the key.
  if (absl::IsAlreadyExists(created.status())) return Load(path);
  return created;
}

std::string KeyEncryptionKey::Context(absl::string_view issuer,
                                      absl::string_view key_id) const {
  // The length keeps the two apart.
  return absl::StrCat(kFormat, id_, issuer.size(), ":", issuer, key_id);
}

std::string KeyEncryptionKey::Seal(absl::string_view issuer,
                                   const SigningKey& key) const {
  std::string jwk = ToPrivateJwk(key);
  std::array<uint8_t, kNonceBytes> nonce;
  RAND_bytes(nonce.data(), nonce.size());
  std::string sealed = absl::StrCat(kFormat, id_, AsText(nonce));
  sealed.resize(kHeadBytes + jwk.size() + kTagBytes);
  const std::string context = Context(issuer, key.key_id());
  size_t size = 0;
  if (EVP_AEAD_CTX_seal(NewCipher(secret_).get(),
                        reinterpret_cast<uint8_t*>(&sealed[kHeadBytes]), &size,
                        sealed.size() - kHeadBytes, nonce.data(), nonce.size(),
                        AsBytes(jwk).data(), jwk.size(),
                        AsBytes(context).data(), context.size()) != 1) {
    std::abort();  // Only for sizes that are not these, or without memory.
  }
  OPENSSL_cleanse(jwk.data(), jwk.size());
  return sealed;
}

absl::StatusOr<SigningKey> KeyEncryptionKey::Open(
    absl::string_view issuer, absl::string_view key_id,
    absl::string_view sealed, const KeyLimits& limits) const {
  if (sealed.size() < kHeadBytes + kTagBytes ||
      sealed.substr(0, kFormat.size()) != kFormat) {
    return Altered();
  }
  const absl::string_view sealed_under =
      sealed.substr(kFormat.size(), kIdCharacters);
  if (sealed_under != id_) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the stored private keys are sealed under another key-encryption key "
        "than ",
        id_, "; configure the one that they were sealed with"));
  }
  const ErrorQueueCleaner cleaner;
  const auto nonce =
      AsBytes(sealed).subspan(kHeadBytes - kNonceBytes, kNonceBytes);
  const auto ciphertext = AsBytes(sealed).subspan(kHeadBytes);
  const std::string context = Context(issuer, key_id);
  std::vector<uint8_t> jwk(ciphertext.size());
  size_t size = 0;
  if (EVP_AEAD_CTX_open(NewCipher(secret_).get(), jwk.data(), &size, jwk.size(),
                        nonce.data(), nonce.size(), ciphertext.data(),
                        ciphertext.size(), AsBytes(context).data(),
                        context.size()) != 1) {
    return Altered();
  }
  const SecretBytes opened(absl::MakeSpan(jwk).first(size));
  OPENSSL_cleanse(jwk.data(), jwk.size());
  return ParseOpened(AsText(opened.bytes()), limits);
}

}  // namespace signet
