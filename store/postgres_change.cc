#include "store/postgres_change.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "jose/algorithm.h"
#include "store/records.h"
#include "store/stored_values.h"

namespace signet {
namespace {

void WriteKeys(const std::vector<StoreChange::IssuerKeys>& sets,
               const PostgresParameter& revision,
               std::vector<PostgresStatement>& statements) {
  PostgresArray issuers;
  PostgresArray owners;
  PostgresArray key_ids;
  PostgresArray algorithms;
  PostgresArray states;
  PostgresArray since;
  PostgresArray created;
  PostgresArray sealed;
  for (const StoreChange::IssuerKeys& set : sets) {
    issuers.Add(set.issuer);
    for (const KeyRecord& key : set.keys) {
      owners.Add(set.issuer);
      key_ids.Add(key.key_id);
      algorithms.AddName(AlgorithmName(key.algorithm));
      states.AddName(KeyStateName(key.state));
      since.Add(StoredDuration(key.state_since));
      created.Add(StoredTime(key.created));
      sealed.Add(key.sealed_private_key);
    }
  }
  const PostgresParameter all_issuers = std::move(issuers).Finish();
  statements.push_back(
      {"INSERT INTO signet_issuer "
       "SELECT issuer, $2::INT8 FROM unnest($1::BYTEA[]) AS n (issuer) "
       "ON CONFLICT (issuer) DO UPDATE SET revision = excluded.revision",
       {all_issuers, revision}});
  statements.push_back(
      {"DELETE FROM signet_key WHERE issuer = ANY ($1::BYTEA[])",
       {all_issuers}});
  statements.push_back(
      {"INSERT INTO signet_key SELECT * FROM unnest("
       "$1::BYTEA[], $2::BYTEA[], $3::TEXT[], $4::TEXT[], $5::INT8[],"
       " $6::INT8[], $7::BYTEA[]) AS n",
       {std::move(owners).Finish(), std::move(key_ids).Finish(),
        std::move(algorithms).Finish(), std::move(states).Finish(),
        std::move(since).Finish(), std::move(created).Finish(),
        std::move(sealed).Finish()}});
}

auto TargetOf(const RevocationRecord& record) {
  return std::tie(record.issuer, record.target, record.value);
}

// One statement cannot change a row twice, so what is revoked twice is joined
// here as the database would.
std::vector<RevocationRecord> Join(std::vector<RevocationRecord> records) {
  absl::c_sort(records, [](const auto& one, const auto& other) {
    return TargetOf(one) < TargetOf(other);
  });
  std::vector<RevocationRecord> joined;
  for (RevocationRecord& record : records) {
    if (joined.empty() || TargetOf(joined.back()) != TargetOf(record)) {
      joined.push_back(std::move(record));
      continue;
    }
    RevocationRecord& same = joined.back();
    same.issued_before = std::max(same.issued_before, record.issued_before);
    same.expires = std::max(same.expires, record.expires);
  }
  return joined;
}

PostgresStatement WriteRevocations(const std::vector<RevocationRecord>& records,
                                   const PostgresParameter& revision) {
  PostgresArray targets;
  PostgresArray issuers;
  PostgresArray values;
  PostgresArray issued_before;
  PostgresArray expires;
  for (const RevocationRecord& record : Join(records)) {
    targets.AddName(RevocationTargetName(record.target));
    issuers.Add(record.issuer);
    values.Add(record.value);
    issued_before.Add(StoredTime(record.issued_before));
    expires.Add(StoredTime(record.expires));
  }
  return {
      "INSERT INTO signet_revocation AS r "
      "SELECT n.*, $6::INT8 FROM unnest("
      "$1::TEXT[], $2::BYTEA[], $3::BYTEA[], $4::INT8[], $5::INT8[]) AS n "
      "ON CONFLICT (issuer, target, value) DO UPDATE SET"
      " issued_before = greatest(r.issued_before, excluded.issued_before),"
      " expires = greatest(r.expires, excluded.expires),"
      " revision = excluded.revision",
      {std::move(targets).Finish(), std::move(issuers).Finish(),
       std::move(values).Finish(), std::move(issued_before).Finish(),
       std::move(expires).Finish(), revision}};
}

PostgresStatement WriteJwkSet(const JwkSetRecord& record,
                              const PostgresParameter& revision) {
  return {
      "INSERT INTO signet_jwk_set VALUES ($1, $2, $3, $4, $5, $6, $7) "
      "ON CONFLICT (issuer) DO UPDATE SET"
      " url = excluded.url, body = excluded.body, etag = excluded.etag,"
      " last_modified = excluded.last_modified, fetched = excluded.fetched,"
      " revision = excluded.revision",
      {PostgresParameter::Bytes(record.issuer),
       PostgresParameter::Bytes(record.url),
       PostgresParameter::Bytes(record.body),
       PostgresParameter::Bytes(record.etag),
       PostgresParameter::Bytes(record.last_modified),
       PostgresParameter::Number(StoredTime(record.fetched)), revision}};
}

}  // namespace

PostgresStatement ReadSeenRevisions(const StoreChange& change) {
  PostgresArray issuers;
  PostgresArray numbers;
  int64_t number = 0;
  for (const StoreChange::IssuerKeys& set : change.issuer_keys) {
    issuers.Add(set.issuer);
    numbers.Add(number++);
  }
  return {
      "SELECT n.number, i.revision "
      "FROM unnest($1::BYTEA[], $2::INT8[]) AS n (issuer, number) "
      "JOIN signet_issuer i ON i.issuer = n.issuer",
      {std::move(issuers).Finish(), std::move(numbers).Finish()}};
}

std::vector<PostgresStatement> WriteChange(const StoreChange& change,
                                           int64_t revision) {
  const PostgresParameter number = PostgresParameter::Number(revision);
  std::vector<PostgresStatement> statements;
  if (!change.issuer_keys.empty()) {
    WriteKeys(change.issuer_keys, number, statements);
  }
  if (!change.revocations.empty()) {
    statements.push_back(WriteRevocations(change.revocations, number));
  }
  for (const JwkSetRecord& record : change.jwk_sets) {
    statements.push_back(WriteJwkSet(record, number));
  }
  // Last, so that the time is that of the commit.
  statements.push_back(
      {"INSERT INTO signet_commit VALUES "
       "($1, $2, (extract(epoch FROM clock_timestamp()) * 1000000)::INT8) "
       "ON CONFLICT (slot) DO UPDATE SET"
       " revision = excluded.revision, committed = excluded.committed",
       {PostgresParameter::Number(revision % kCommitsOnRecord), number}});
  return statements;
}

}  // namespace signet
