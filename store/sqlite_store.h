#ifndef SIGNET_STORE_SQLITE_STORE_H_
#define SIGNET_STORE_SQLITE_STORE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store/change_signal.h"
#include "store/session_keeper.h"
#include "store/sqlite_reader.h"
#include "store/sqlite_writer.h"
#include "store/store.h"

namespace signet {

// SqliteStore is a store in one SQLite file, of mode 0600, with a write-ahead
// log (PATH-wal, PATH-shm) while it is open. Several processes may use it, on
// one machine; AwaitChange hears of what another one commits within 50 ms.
//
// When the file is gone, or another one has been put in its place, the next
// call opens what is there; a file that is gone is not made again. Whoever puts
// a backup in its place must remove PATH-wal and PATH-shm first: SQLite would
// take the log for the backup's.
class SqliteStore : public Store {
 public:
  // Open makes the file, if there is none.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& path);

  absl::StatusOr<int64_t> Commit(const StoreChange& change) override;
  absl::StatusOr<StoreMark> ReadSince(int64_t revision,
                                      StoreReader& reader) override;
  absl::Status AwaitChange(int64_t revision, absl::Duration at_most) override;
  void Wake() override { signal_.Wake(); }
  absl::StatusOr<absl::Duration> AdvanceTime(absl::Duration from,
                                             absl::Duration to) override;
  absl::StatusOr<int64_t> DropExpired(absl::Time before,
                                      int64_t limit) override;
  absl::StatusOr<std::string> Check() override;

 private:
  explicit SqliteStore(const std::string& path);

  SessionKeeper<SqliteReader> reader_;
  SessionKeeper<SqliteWriter> writer_;
  ChangeSignal signal_;
};

}  // namespace signet

#endif  // SIGNET_STORE_SQLITE_STORE_H_
