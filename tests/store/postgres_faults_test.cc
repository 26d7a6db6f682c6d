// What goes wrong with a PostgreSQL store: each has its code, and says what to
// do; and once it is mended, the same store works again.

#include <postgresql/libpq-fe.h>
#include <sys/types.h>

#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "store/open_store.h"
#include "store/postgres_failure.h"
#include "store/store.h"
#include "tests/store/postgres_server.h"
#include "tests/store/record_examples.h"
#include "tests/store/store_contents.h"

namespace signet {
namespace {

using testing::HasSubstr;
using testing::Not;

// Picks the store's sessions out of pg_stat_activity.
constexpr absl::string_view kOurs =
    " FROM pg_stat_activity WHERE application_name = 'signet'"
    " AND datname = current_database()";

class PostgresFaultsTest : public testing::Test {
 public:
  std::vector<std::string> Execute(const std::string& sql) const {
    return server_.Execute(database_, sql);
  }

  std::string Address() const {
    return "postgres:" + server_.ConnectionString(database_);
  }

  std::unique_ptr<Store> Open() const { return OpenStore(Address()).value(); }

  using Session = std::unique_ptr<PGconn, decltype(&PQfinish)>;

  // Keeps writers waiting until the session ends.
  Session LockMark() const {
    Session session(PQconnectdb(server_.ConnectionString(database_).c_str()),
                    PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> locked(
        PQexec(session.get(), "BEGIN; SELECT 1 FROM signet_mark FOR UPDATE"),
        PQclear);
    EXPECT_EQ(PQresultStatus(locked.get()), PGRES_TUPLES_OK);
    return session;
  }

  // Waits until a session of the store waits for a lock.
  void AwaitBlockedWriter() const {
    while (Execute(absl::StrCat("SELECT pid", kOurs,
                                " AND wait_event_type = 'Lock'"))
               .empty()) {
      std::this_thread::yield();
    }
  }

  static void ExpectWorks(Store& store) {
    const StoreContents before = ContentsOf(store);
    const absl::StatusOr<int64_t> revision =
        store.Commit(Revocation(absl::StrCat("mended ", before.mark.revision)));
    ASSERT_TRUE(revision.ok()) << revision.status();
    EXPECT_EQ(*revision, before.mark.revision + 1);
    EXPECT_EQ(ContentsOf(store).revocations.size(),
              before.revocations.size() + 1);
    EXPECT_TRUE(store.AwaitChange(*revision, absl::ZeroDuration()).ok());
  }

  PostgresServer& server_ = PostgresServer::Shared();
  const std::string database_ = server_.NewDatabase();
};

TEST_F(PostgresFaultsTest, RecoversFromTheDeathOfTheServer) {
  const std::unique_ptr<Store> store = Open();
  ASSERT_TRUE(store->Commit(Revocation("kept")).ok());
  std::thread killing([&] { server_.Kill(); });
  // Hears of it without being asked anything.
  while (store->AwaitChange(1, absl::Minutes(1)).ok()) {
  }
  killing.join();
  EXPECT_EQ(store->Commit(Revocation("more")).status().code(),
            absl::StatusCode::kUnavailable);
  StoreContents contents;
  EXPECT_EQ(store->ReadSince(0, contents).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(store->AwaitChange(1, absl::ZeroDuration()).code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(store->Check().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(OpenStore(Address()).status().code(),
            absl::StatusCode::kUnavailable);
  server_.Start();
  EXPECT_EQ(ContentsOf(*store).revocations.size(), 1);
  ExpectWorks(*store);
}

TEST_F(PostgresFaultsTest, DoesNotNoticeARestartWhileItIsIdle) {
  const std::unique_ptr<Store> store = Open();
  server_.Kill();
  server_.Start();
  ExpectWorks(*store);
}

TEST_F(PostgresFaultsTest, UndoesATransactionWhoseConnectionIsLost) {
  const std::unique_ptr<Store> store = Open();
  ASSERT_TRUE(store->Commit(Revocation("kept")).ok());
  Session lock = LockMark();
  absl::Status lost;
  std::thread committing(
      [&] { lost = store->Commit(Revocation("lost")).status(); });
  // Now it stands in the middle of a transaction.
  AwaitBlockedWriter();
  Execute(absl::StrCat("SELECT pg_terminate_backend(pid)", kOurs,
                       " AND wait_event_type = 'Lock'"));
  committing.join();
  EXPECT_EQ(lost.code(), absl::StatusCode::kUnavailable) << lost;
  EXPECT_EQ(ContentsOf(*store).revocations.size(), 1);
  lock.reset();
  ExpectWorks(*store);
}

TEST_F(PostgresFaultsTest, DoesNotWaitForeverForALock) {
  const std::unique_ptr<Store> store = Open();
  Session lock = LockMark();
  EXPECT_EQ(store->Commit(Revocation("more")).status(),
            absl::UnavailableError(
                "PostgreSQL was too slow, or is locked by another client; end "
                "that, or try again (SQLSTATE 57014)"));
  lock.reset();
  ExpectWorks(*store);
}

TEST_F(PostgresFaultsTest, DoesNotWaitForeverForAServerThatHangs) {
  const std::unique_ptr<Store> store = Open();
  std::vector<std::string> processes =
      Execute(absl::StrCat("SELECT pid", kOurs));
  ASSERT_EQ(processes.size(), 2);
  const auto send_all = [&](int signal) {
    for (const std::string& process : processes) {
      pid_t pid = 0;
      ASSERT_TRUE(absl::SimpleAtoi(process, &pid));
      ASSERT_EQ(kill(pid, signal), 0);
    }
  };
  send_all(SIGSTOP);
  EXPECT_EQ(store->Commit(Revocation("more")).status(),
            absl::UnavailableError(
                "PostgreSQL: the connection was lost; look after the server or "
                "the network"));
  send_all(SIGCONT);
  ExpectWorks(*store);
}

TEST_F(PostgresFaultsTest, HearsOfChangesWithoutNotifications) {
  const std::unique_ptr<Store> store = Open();
  std::thread changing(
      [&] { Execute("UPDATE signet_mark SET revision = revision + 1"); });
  StoreContents contents;
  while (contents.mark.revision == 0) {
    ASSERT_TRUE(store->AwaitChange(0, absl::Minutes(1)).ok());
    contents.ReadMore(*store);
  }
  changing.join();
}

TEST_F(PostgresFaultsTest, RefusesAWrongPasswordWithoutSayingIt) {
  server_.Execute("postgres",
                  "DROP ROLE IF EXISTS with_password;"
                  "CREATE ROLE with_password LOGIN PASSWORD 'right-password'");
  const std::string address =
      absl::StrCat(Address(), " user=with_password password=wrong-password");
  const absl::Status refused = OpenStore(address).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("28P01: password authentication failed for user "
                        "\"with_password\""));
  EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("wrong-password")));
  EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("\n")));
}

TEST_F(PostgresFaultsTest, SaysThatItMayNotCreateTables) {
  server_.Execute("postgres",
                  "DROP ROLE IF EXISTS ordinary; CREATE ROLE ordinary LOGIN");
  EXPECT_EQ(OpenStore(absl::StrCat(Address(), " user=ordinary")).status(),
            absl::FailedPreconditionError(
                "PostgreSQL refuses this user; grant it the right to create "
                "and use tables (SQLSTATE 42501)"));
}

TEST_F(PostgresFaultsTest, SaysThatThereIsNoSuchDatabase) {
  const absl::Status refused =
      OpenStore("postgres:" + server_.ConnectionString("missing")).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("3D000: database \"missing\" does not exist"));
}

TEST_F(PostgresFaultsTest, LeavesALaterVersionAlone) {
  const std::unique_ptr<Store> store = Open();
  Execute("UPDATE signet_version SET version = 7");
  EXPECT_EQ(OpenStore(Address()).status(),
            absl::FailedPreconditionError(
                "PostgreSQL: the store is of a later version (schema 7, and "
                "this Signet knows 2); run a later Signet"));
  Execute("UPDATE signet_version SET version = 2");
  ExpectWorks(*store);
}

TEST_F(PostgresFaultsTest, BringsTheFirstVersionUpToThisOne) {
  ExpectWorks(*Open());
  Execute("DROP TABLE signet_commit; UPDATE signet_version SET version = 1");
  ExpectWorks(*Open());
  EXPECT_EQ(Execute("SELECT version FROM signet_version").front(), "2");
}

TEST_F(PostgresFaultsTest, GoesByTheClockOfTheDatabaseForTheAgeOfNews) {
  const std::unique_ptr<Store> store = Open();
  ASSERT_TRUE(store->Commit(Revocation("before")).ok());
  ASSERT_TRUE(store->Commit(Revocation("news")).ok());
  Execute("UPDATE signet_commit SET committed = committed - 3600000000");
  StoreContents contents;
  const StoreMark mark = store->ReadSince(1, contents).value();
  ASSERT_TRUE(mark.news_age.has_value());
  EXPECT_GE(*mark.news_age, absl::Hours(1));
  EXPECT_LT(*mark.news_age, absl::Hours(2));
}

TEST_F(PostgresFaultsTest, RecordsTheTimesOfTheLastCommitsOnly) {
  const std::unique_ptr<Store> store = Open();
  ASSERT_TRUE(store->Commit(Revocation("first")).ok());
  ASSERT_TRUE(store->Commit(Revocation("second")).ok());
  Execute(
      absl::StrCat("UPDATE signet_mark SET revision = ", kCommitsOnRecord + 1));
  ASSERT_TRUE(store->Commit(Revocation("last")).ok());
  EXPECT_THAT(Execute("SELECT revision FROM signet_commit ORDER BY revision"),
              testing::ElementsAre("1", absl::StrCat(kCommitsOnRecord + 2)));
  // Who has missed the second hears how old the last one is.
  StoreContents contents;
  EXPECT_TRUE(store->ReadSince(1, contents).value().news_age.has_value());
}

TEST_F(PostgresFaultsTest, GoesOnWhereMakingTablesHasStopped) {
  Execute(
      "CREATE TABLE signet_version ("
      " id INT8 PRIMARY KEY, version INT8 NOT NULL)");
  ExpectWorks(*Open());
}

TEST(OpenStoreTest, RefusesWhatNamesNoStore) {
  for (const char* address : {"", "sqlite:", "store", "mysql:host=here",
                              "host=here password=secret"}) {
    EXPECT_EQ(OpenStore(address).status(),
              absl::InvalidArgumentError(
                  "this names no store; write \"sqlite:PATH\", "
                  "\"postgres:host=... dbname=...\" or \"postgresql://...\""));
  }
  for (const char* address :
       {"postgres:host=here secret", "postgresql://user:secret@here:port"}) {
    const absl::Status refused = OpenStore(address).status();
    EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("secret")));
  }
  EXPECT_EQ(OpenStore("postgresql://user:sec@ret@here/signet").status(),
            absl::InvalidArgumentError("PostgreSQL: the host has an \"@\"; "
                                       "write %40 for one in a password"));
}

TEST(PostgresFailureTest, HasAStatusForEachState) {
  const auto code_of = [](absl::string_view state) {
    return PostgresFailure(state).code();
  };
  EXPECT_EQ(code_of("25006"), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code_of("53100"), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code_of("53300"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code_of("57P01"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code_of("25P03"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code_of("40001"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code_of("08006"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code_of(""), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code_of("XX001"), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code_of("42601"), absl::StatusCode::kInternal);
}

TEST(PostgresFailureTest, LeavesThePasswordOut) {
  EXPECT_EQ(ConnectionFailure("no host \"hunter2\"\nmore", "hunter2"),
            absl::UnavailableError("PostgreSQL: no host \"...\""));
}

}  // namespace
}  // namespace signet
