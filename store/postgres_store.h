#ifndef SIGNET_STORE_POSTGRES_STORE_H_
#define SIGNET_STORE_POSTGRES_STORE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store/postgres_reader.h"
#include "store/postgres_writer.h"
#include "store/session_keeper.h"
#include "store/store.h"
#include "store/wake_descriptor.h"

namespace signet {

// PostgresStore is a store in a PostgreSQL database, in tables whose names
// begin with "signet_", which replicas share; or in another database that
// speaks its protocol and its plain SQL. It has two connections: one writes,
// the other reads and listens. A connection that was lost is made again by the
// next call.
//
// A change is heard of by NOTIFY, and within a second if a notification was
// lost; where there are none, within 50 ms.
//
// Wake does not cut short the making of a connection, which kStorePatience
// bounds.
class PostgresStore : public Store {
 public:
  static absl::StatusOr<std::unique_ptr<Store>> Open(
      const std::string& connection_string);

  absl::StatusOr<int64_t> Commit(const StoreChange& change) override;
  absl::StatusOr<StoreMark> ReadSince(int64_t revision,
                                      StoreReader& reader) override;
  absl::Status AwaitChange(int64_t revision, absl::Duration at_most) override;
  void Wake() override { wake_.Wake(); }
  absl::StatusOr<absl::Duration> AdvanceTime(absl::Duration from,
                                             absl::Duration to) override;
  absl::StatusOr<int64_t> DropExpired(absl::Time before,
                                      int64_t limit) override;
  absl::StatusOr<std::string> Check() override;

 private:
  explicit PostgresStore(const std::string& connection_string);

  SessionKeeper<PostgresReader> reader_;
  SessionKeeper<PostgresWriter> writer_;
  WakeDescriptor wake_;
};

}  // namespace signet

#endif  // SIGNET_STORE_POSTGRES_STORE_H_
