#include "store/store_digest.h"

#include "absl/hash/hash.h"
#include "store/records.h"

namespace signet {
namespace {

class Digester : public StoreReader {
 public:
  void ReadIssuerKeys(const IssuerKeyRecords& keys) override {
    ++digest_.counts.issuers;
    digest_.counts.keys += static_cast<int64_t>(keys.keys.size());
    Add('i', keys.issuer, keys.keys.size());
    for (const KeyRecord& key : keys.keys) {
      Add('k', keys.issuer, key.key_id, key.algorithm, key.state,
          key.state_since, key.created, key.sealed_private_key);
    }
  }

  void ReadRevocation(const RevocationRecord& record) override {
    ++digest_.counts.revocations;
    Add('r', record.target, record.issuer, record.value, record.issued_before,
        record.expires);
  }

  void ReadJwkSet(const JwkSetRecord& record) override {
    ++digest_.counts.jwk_sets;
    Add('j', record.issuer, record.url, record.body, record.etag,
        record.last_modified, record.fetched);
  }

  StoreDigest& digest() { return digest_; }

 private:
  // The first value says what kind of record it is.
  template <typename... Values>
  void Add(const Values&... values) {
    digest_.sum += absl::HashOf(1, values...);
    digest_.other_sum += absl::HashOf(2, values...);
  }

  StoreDigest digest_;
};

}  // namespace

absl::StatusOr<StoreDigest> DigestStore(Store& store) {
  Digester digester;
  const absl::StatusOr<StoreMark> mark = store.ReadSince(0, digester);
  if (!mark.ok()) return mark.status();
  digester.digest().mark = *mark;
  return digester.digest();
}

}  // namespace signet
