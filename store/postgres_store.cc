#include "store/postgres_store.h"

#include <algorithm>

#include "absl/cleanup/cleanup.h"
#include "absl/memory/memory.h"
#include "store/change_check.h"
#include "store/deadline.h"
#include "store/postgres_connection.h"

namespace signet {
namespace {

// How long not to try again, after the database was found away.
constexpr absl::Duration kPause = absl::Milliseconds(250);

}  // namespace

PostgresStore::PostgresStore(const std::string& connection_string)
    : reader_([connection_string] {
        return PostgresReader::Open(connection_string);
      }),
      writer_([connection_string] {
        return PostgresWriter::Open(connection_string);
      }) {}

absl::StatusOr<std::unique_ptr<Store>> PostgresStore::Open(
    const std::string& connection_string) {
  const absl::Status sound = CheckConnectionString(connection_string);
  if (!sound.ok()) return sound;
  std::unique_ptr<PostgresStore> store =
      absl::WrapUnique(new PostgresStore(connection_string));
  const absl::Status writable = store->writer_.EnsureOpen();
  if (!writable.ok()) return writable;
  const absl::Status readable = store->reader_.EnsureOpen();
  if (!readable.ok()) return readable;
  return store;
}

absl::StatusOr<int64_t> PostgresStore::Commit(const StoreChange& change) {
  const absl::Status sound = CheckChange(change);
  if (!sound.ok()) return sound;
  return writer_.Use(
      [&](PostgresWriter& writer) { return writer.Commit(change); });
}

absl::StatusOr<StoreMark> PostgresStore::ReadSince(int64_t revision,
                                                   StoreReader& reader) {
  return reader_.Use([&](PostgresReader& session) {
    return session.ReadSince(revision, reader);
  });
}

absl::Status PostgresStore::AwaitChange(int64_t revision,
                                        absl::Duration at_most) {
  const absl::Cleanup forget = [this] { wake_.Forget(); };
  const Deadline deadline(at_most);
  absl::Status awaited = reader_.Use([&](PostgresReader& session) {
    return session.AwaitChange(revision, wake_.descriptor(), deadline);
  });
  if (!awaited.ok()) wake_.Wait(std::min(deadline.Left(), kPause));
  return awaited;
}

absl::StatusOr<absl::Duration> PostgresStore::AdvanceTime(absl::Duration from,
                                                          absl::Duration to) {
  return writer_.Use(
      [&](PostgresWriter& writer) { return writer.AdvanceTime(from, to); });
}

absl::StatusOr<int64_t> PostgresStore::DropExpired(absl::Time before,
                                                   int64_t limit) {
  return writer_.Use([&](PostgresWriter& writer) {
    return writer.DropExpired(before, limit);
  });
}

absl::StatusOr<std::string> PostgresStore::Check() {
  return reader_.Use([](PostgresReader& session) { return session.Check(); });
}

}  // namespace signet
