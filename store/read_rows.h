#ifndef SIGNET_STORE_READ_ROWS_H_
#define SIGNET_STORE_READ_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "store/records.h"
#include "store/store.h"
#include "store/stored_values.h"

namespace signet {

// What both databases read in the same words. $1 is the revision after which
// something has changed. Whoever has seen nothing yet (revision 0) takes all
// revocations in the order in which they lie: the sign keeps an index that
// would jump about out of it.
inline constexpr char kReadMark[] = "SELECT revision, time FROM signet_mark";
inline constexpr char kReadKeys[] =
    "SELECT i.issuer, i.revision, k.key_id, k.algorithm, k.state,"
    " k.state_since, k.created, k.sealed_private_key "
    "FROM signet_issuer i LEFT JOIN signet_key k ON k.issuer = i.issuer "
    "WHERE i.revision > $1 ORDER BY i.issuer, k.key_id";
inline constexpr char kReadAllRevocations[] =
    "SELECT target, issuer, value, issued_before, expires "
    "FROM signet_revocation WHERE +revision > $1";
inline constexpr char kReadRevocations[] =
    "SELECT target, issuer, value, issued_before, expires "
    "FROM signet_revocation WHERE revision > $1";
inline constexpr char kReadJwkSets[] =
    "SELECT issuer, url, body, etag, last_modified, fetched "
    "FROM signet_jwk_set WHERE revision > $1";

// Counts what is in a store: keys, issuers that have some, revocations and JWK
// Sets.
inline constexpr char kCountAll[] =
    "SELECT (SELECT count(*) FROM signet_key),"
    " (SELECT count(DISTINCT issuer) FROM signet_key),"
    " (SELECT count(*) FROM signet_revocation),"
    " (SELECT count(*) FROM signet_jwk_set)";

// DescribeStore is what Store::Check returns. `counts` is the row of kCountAll.
template <typename Row>
std::string DescribeStore(absl::string_view kind, int64_t schema_version,
                          const StoreMark& mark, const Row& counts) {
  return absl::StrCat(kind, ", schema ", schema_version, ", revision ",
                      mark.revision, ": ", counts.Int(0), " keys of ",
                      counts.Int(1), " issuers, ", counts.Int(2),
                      " revocations, ", counts.Int(3), " fetched JWK Sets");
}

// RowTeller makes records of rows that the statements above read, and tells a
// StoreReader. A Row has `int64_t Int(column)`, `string_view Bytes(column)` and
// `bool IsNull(column)`. DataLoss, for what no Signet has written.
class RowTeller {
 public:
  // `reader` must outlive the teller.
  explicit RowTeller(StoreReader& reader) : reader_(reader) {}

  template <typename Row>
  absl::Status TellKey(const Row& row);
  // TellLastIssuer must follow the last key.
  void TellLastIssuer();

  template <typename Row>
  absl::Status TellRevocation(const Row& row);

  template <typename Row>
  absl::Status TellJwkSet(const Row& row);

 private:
  static absl::Status Unknown(absl::string_view what);

  StoreReader& reader_;
  std::optional<IssuerKeyRecords> issuer_;
  // Rows come by the million, and their strings have much the same lengths.
  RevocationRecord revocation_;
};

inline absl::Status RowTeller::Unknown(absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("the store is corrupt: it has an unknown ", what,
                   "; restore it from a backup"));
}

template <typename Row>
absl::Status RowTeller::TellKey(const Row& row) {
  if (!issuer_.has_value() || issuer_->issuer != row.Bytes(0)) {
    TellLastIssuer();
    issuer_.emplace();
    issuer_->issuer = std::string(row.Bytes(0));
    issuer_->revision = row.Int(1);
  }
  // The issuer has no key.
  if (row.IsNull(2)) return absl::OkStatus();
  const std::optional<Algorithm> algorithm = AlgorithmFromName(row.Bytes(3));
  if (!algorithm.has_value()) return Unknown("algorithm");
  const std::optional<KeyState> state = KeyStateFromName(row.Bytes(4));
  if (!state.has_value()) return Unknown("state of a key");
  issuer_->keys.push_back({.key_id = std::string(row.Bytes(2)),
                           .algorithm = *algorithm,
                           .state = *state,
                           .state_since = DurationFromStored(row.Int(5)),
                           .created = TimeFromStored(row.Int(6)),
                           .sealed_private_key = std::string(row.Bytes(7))});
  return absl::OkStatus();
}

inline void RowTeller::TellLastIssuer() {
  if (issuer_.has_value()) reader_.ReadIssuerKeys(*issuer_);
  issuer_.reset();
}

template <typename Row>
absl::Status RowTeller::TellRevocation(const Row& row) {
  const std::optional<RevocationTarget> target =
      RevocationTargetFromName(row.Bytes(0));
  if (!target.has_value()) return Unknown("kind of revocation");
  revocation_.target = *target;
  const absl::string_view issuer = row.Bytes(1);
  revocation_.issuer.assign(issuer.data(), issuer.size());
  const absl::string_view value = row.Bytes(2);
  revocation_.value.assign(value.data(), value.size());
  revocation_.issued_before = TimeFromStored(row.Int(3));
  revocation_.expires = TimeFromStored(row.Int(4));
  reader_.ReadRevocation(revocation_);
  return absl::OkStatus();
}

template <typename Row>
absl::Status RowTeller::TellJwkSet(const Row& row) {
  reader_.ReadJwkSet({.issuer = std::string(row.Bytes(0)),
                      .url = std::string(row.Bytes(1)),
                      .body = std::string(row.Bytes(2)),
                      .etag = std::string(row.Bytes(3)),
                      .last_modified = std::string(row.Bytes(4)),
                      .fetched = TimeFromStored(row.Int(5))});
  return absl::OkStatus();
}

}  // namespace signet

#endif  // SIGNET_STORE_READ_ROWS_H_
