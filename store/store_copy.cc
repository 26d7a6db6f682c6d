#include "store/store_copy.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "store/records.h"
#include "store/store_digest.h"

namespace signet {
namespace {

using Progress = absl::FunctionRef<void(const StoreCounts&)>;

// How many bytes of records a commit may have before another one begins: some
// thousand revocations.
constexpr size_t kBytesPerCommit = size_t{1} << 20U;
// What a record weighs besides its strings.
constexpr size_t kRecordBytes = 64;

// Commits what it is told of to another store.
class Copier : public StoreReader {
 public:
  Copier(Store& to, Progress progress) : to_(to), progress_(progress) {}

  void ReadIssuerKeys(const IssuerKeyRecords& keys) override {
    ++counts_.issuers;
    counts_.keys += static_cast<int64_t>(keys.keys.size());
    change_.issuer_keys.push_back(
        {.issuer = keys.issuer, .seen_revision = 0, .keys = keys.keys});
    for (const KeyRecord& key : keys.keys) {
      bytes_ += key.sealed_private_key.size() + key.key_id.size();
    }
    Added(keys.issuer.size());
  }

  void ReadRevocation(const RevocationRecord& record) override {
    ++counts_.revocations;
    change_.revocations.push_back(record);
    Added(record.issuer.size() + record.value.size());
  }

  void ReadJwkSet(const JwkSetRecord& record) override {
    ++counts_.jwk_sets;
    change_.jwk_sets.push_back(record);
    Added(record.body.size());
  }

  // Finish commits what is left. Fails if any commit did.
  absl::Status Finish() {
    Commit();
    return status_;
  }

 private:
  void Added(size_t bytes) {
    bytes_ += bytes + kRecordBytes;
    if (bytes_ >= kBytesPerCommit) Commit();
  }

  void Commit() {
    if (status_.ok()) status_ = to_.Commit(change_).status();
    if (status_.ok()) progress_(counts_);
    change_ = {};
    bytes_ = 0;
  }

  Store& to_;
  Progress progress_;
  StoreChange change_;
  size_t bytes_ = 0;
  StoreCounts counts_;
  absl::Status status_;
};

class Ignorer : public StoreReader {
 public:
  void ReadIssuerKeys(const IssuerKeyRecords&) override {}
  void ReadRevocation(const RevocationRecord&) override {}
  void ReadJwkSet(const JwkSetRecord&) override {}
};

absl::Status CheckEmpty(Store& store) {
  Ignorer ignorer;
  const absl::StatusOr<StoreMark> mark = store.ReadSince(0, ignorer);
  if (!mark.ok()) return mark.status();
  if (mark->revision == 0 && mark->time == absl::ZeroDuration()) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      "the store to copy to is not empty; name a new one");
}

absl::Status CopyTime(Store& to, absl::Duration time) {
  const absl::StatusOr<absl::Duration> set =
      to.AdvanceTime(absl::ZeroDuration(), time);
  if (!set.ok()) return set.status();
  return *set == time ? absl::OkStatus()
                      : absl::AbortedError(
                            "somebody else uses the store to copy to; copy to "
                            "a new one");
}

// Reads both stores, of which `from` was copied at `copied`.
absl::StatusOr<StoreCounts> Compare(Store& from, const StoreMark& copied,
                                    Store& to) {
  const absl::StatusOr<StoreDigest> source = DigestStore(from);
  if (!source.ok()) return source.status();
  if (source->mark.revision != copied.revision ||
      source->mark.time != copied.time) {
    return absl::AbortedError(
        "the store was written to while it was copied; stop what uses it, and "
        "copy it again to a new one");
  }
  const absl::StatusOr<StoreDigest> copy = DigestStore(to);
  if (!copy.ok()) return copy.status();
  if (source->HoldsTheSameAs(*copy)) return copy->counts;
  return absl::DataLossError(
      absl::StrCat("the copy is not the same (", copy->counts.revocations,
                   " of ", source->counts.revocations, " revocations, ",
                   copy->counts.keys, " of ", source->counts.keys,
                   " keys); stop what uses both, and copy again to a "
                   "new store"));
}

}  // namespace

absl::StatusOr<StoreCounts> CopyStore(Store& from, Store& to,
                                      Progress progress) {
  const absl::Status empty = CheckEmpty(to);
  if (!empty.ok()) return empty;
  Copier copier(to, progress);
  const absl::StatusOr<StoreMark> copied = from.ReadSince(0, copier);
  if (!copied.ok()) return copied.status();
  const absl::Status written = copier.Finish();
  if (!written.ok()) return written;
  const absl::Status timed = CopyTime(to, copied->time);
  if (!timed.ok()) return timed;
  return Compare(from, *copied, to);
}

}  // namespace signet
