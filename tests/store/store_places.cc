#include "tests/store/store_places.h"

#include "absl/strings/str_cat.h"
#include "store/open_store.h"
#include "tests/store/postgres_server.h"

namespace signet {

std::string StoreKindName(StoreKind kind) {
  switch (kind) {
    case StoreKind::kSqlite:
      return "Sqlite";
    case StoreKind::kPostgres:
      return "Postgres";
    case StoreKind::kPostgresSerializable:
      return "PostgresSerializable";
  }
  return "";
}

StorePlace::StorePlace(StoreKind kind) {
  if (kind == StoreKind::kSqlite) {
    address_ = absl::StrCat("sqlite:", folder_.PathTo("store"));
    return;
  }
  PostgresServer& server = PostgresServer::Shared();
  address_ =
      absl::StrCat("postgres:", server.ConnectionString(server.NewDatabase()));
  if (kind == StoreKind::kPostgresSerializable) {
    absl::StrAppend(&address_,
                    " options='-c default_transaction_isolation=serializable'");
  }
}

std::unique_ptr<Store> StorePlace::Open() const {
  return OpenStore(address_).value();
}

}  // namespace signet
