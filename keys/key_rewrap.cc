#include "keys/key_rewrap.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "keys/key_material.h"
#include "keys/signing_key.h"
#include "store/records.h"

namespace signet {
namespace {

// How often it is tried. A server changes keys some times a day.
constexpr int kAttempts = 5;

// A key that some server accepted must not be in the way.
constexpr KeyLimits kLimits = {.max_rsa_bits = kMaxRsaBits};

class IssuerKeysReader final : public StoreReader {
 public:
  void ReadIssuerKeys(const IssuerKeyRecords& keys) override {
    issuers_.push_back(keys);
  }
  void ReadRevocation(const RevocationRecord&) override {}
  void ReadJwkSet(const JwkSetRecord&) override {}

  std::vector<IssuerKeyRecords>& issuers() { return issuers_; }

 private:
  std::vector<IssuerKeyRecords> issuers_;
};

// Seals the private half of `key` anew, if it has one.
absl::Status Rewrap(const std::string& issuer, const KeyEncryptionKey& from,
                    const KeyEncryptionKey& to, KeyRecord& key,
                    RewrappedKeys& count) {
  std::string& sealed = key.sealed_private_key;
  if (sealed.empty()) return absl::OkStatus();
  const absl::StatusOr<SigningKey> opened =
      from.Open(issuer, key.key_id, sealed, kLimits);
  if (opened.ok()) {
    sealed = to.Seal(issuer, *opened);
    ++count.rewrapped;
    return absl::OkStatus();
  }
  if (absl::IsFailedPrecondition(opened.status()) &&
      to.Open(issuer, key.key_id, sealed, kLimits).ok()) {
    ++count.up_to_date;
    return absl::OkStatus();
  }
  return absl::Status(
      opened.status().code(),
      absl::StrCat("key ", key.key_id, ": ", opened.status().message()));
}

absl::StatusOr<RewrappedKeys> RewrapOnce(Store& store,
                                         const KeyEncryptionKey& from,
                                         const KeyEncryptionKey& to) {
  IssuerKeysReader reader;
  const absl::StatusOr<StoreMark> mark = store.ReadSince(0, reader);
  if (!mark.ok()) return mark.status();
  RewrappedKeys count;
  StoreChange change;
  for (IssuerKeyRecords& issuer : reader.issuers()) {
    const int64_t before = count.rewrapped;
    for (KeyRecord& key : issuer.keys) {
      const absl::Status rewrapped =
          Rewrap(issuer.issuer, from, to, key, count);
      if (!rewrapped.ok()) return rewrapped;
    }
    if (count.rewrapped == before) continue;
    change.issuer_keys.push_back(
        {issuer.issuer, issuer.revision, std::move(issuer.keys)});
  }
  if (change.issuer_keys.empty()) return count;
  const absl::StatusOr<int64_t> revision = store.Commit(change);
  if (!revision.ok()) return revision.status();
  return count;
}

}  // namespace

absl::StatusOr<RewrappedKeys> RewrapKeys(Store& store,
                                         const KeyEncryptionKey& from,
                                         const KeyEncryptionKey& to) {
  absl::StatusOr<RewrappedKeys> count = RewrapOnce(store, from, to);
  for (int tried = 1; tried < kAttempts && absl::IsAborted(count.status());
       ++tried) {
    count = RewrapOnce(store, from, to);
  }
  return count;
}

}  // namespace signet
