#include "store/sqlite_store.h"

#include <algorithm>

#include "absl/memory/memory.h"
#include "store/change_check.h"
#include "store/deadline.h"
#include "store/sqlite_file.h"

namespace signet {
namespace {

// How often to look for what other processes have committed. A look takes some
// microseconds.
constexpr absl::Duration kPollInterval = absl::Milliseconds(50);
// How long not to look, after it has failed.
constexpr absl::Duration kPause = absl::Milliseconds(250);

}  // namespace

SqliteStore::SqliteStore(const std::string& path)
    : reader_([path] { return SqliteReader::Open(path); }),
      writer_([path] { return SqliteWriter::Open(path); }) {}

absl::StatusOr<std::unique_ptr<Store>> SqliteStore::Open(
    const std::string& path) {
  const absl::Status created = CreateStoreFile(path);
  if (!created.ok()) return created;
  std::unique_ptr<SqliteStore> store = absl::WrapUnique(new SqliteStore(path));
  const absl::Status writable = store->writer_.EnsureOpen();
  if (!writable.ok()) return writable;
  const absl::Status readable = store->reader_.EnsureOpen();
  if (!readable.ok()) return readable;
  return store;
}

absl::StatusOr<int64_t> SqliteStore::Commit(const StoreChange& change) {
  const absl::Status sound = CheckChange(change);
  if (!sound.ok()) return sound;
  absl::StatusOr<int64_t> revision =
      writer_.Use([&](SqliteWriter& writer) { return writer.Commit(change); });
  if (revision.ok()) signal_.Change();
  return revision;
}

absl::StatusOr<StoreMark> SqliteStore::ReadSince(int64_t revision,
                                                 StoreReader& reader) {
  return reader_.Use([&](SqliteReader& session) {
    return session.ReadSince(revision, reader);
  });
}

absl::Status SqliteStore::AwaitChange(int64_t revision,
                                      absl::Duration at_most) {
  const Deadline deadline(at_most);
  while (true) {
    const absl::StatusOr<StoreMark> mark =
        reader_.Use([](SqliteReader& session) { return session.ReadMark(); });
    if (!mark.ok()) {
      signal_.Wait(std::min(at_most, kPause));
      return mark.status();
    }
    if (mark->revision != revision) return absl::OkStatus();
    const absl::Duration left = deadline.Left();
    if (left == absl::ZeroDuration()) return absl::OkStatus();
    if (signal_.Wait(std::min(left, kPollInterval)) ==
        ChangeSignal::Heard::kWake) {
      return absl::OkStatus();
    }
  }
}

absl::StatusOr<absl::Duration> SqliteStore::AdvanceTime(absl::Duration from,
                                                        absl::Duration to) {
  return writer_.Use(
      [&](SqliteWriter& writer) { return writer.AdvanceTime(from, to); });
}

absl::StatusOr<int64_t> SqliteStore::DropExpired(absl::Time before,
                                                 int64_t limit) {
  return writer_.Use(
      [&](SqliteWriter& writer) { return writer.DropExpired(before, limit); });
}

absl::StatusOr<std::string> SqliteStore::Check() {
  return reader_.Use([](SqliteReader& session) { return session.Check(); });
}

}  // namespace signet
