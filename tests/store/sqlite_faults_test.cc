// What goes wrong with a SQLite store: each has its code, and says what to do;
// and once it is mended, the same store works again.

#include <sqlite3.h>
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "store/open_store.h"
#include "store/store.h"
#include "tests/service/test_folder.h"
#include "tests/store/process_limits.h"
#include "tests/store/record_examples.h"
#include "tests/store/store_contents.h"

namespace signet {
namespace {

constexpr char kCorrupt[] =
    "is corrupt, or no SQLite database; restore it from a backup";

class SqliteFaultsTest : public testing::Test {
 public:
  // Makes a store that holds something.
  void MakeStore() const {
    StoreChange change = Keys(kIssuer, 0, {ExampleKey("key")});
    for (int i = 0; i < 1'000; ++i) {
      change.revocations.push_back(ExampleRevocation(absl::StrCat(i)));
    }
    ASSERT_TRUE(Open().value()->Commit(change).ok());
  }

  absl::StatusOr<std::unique_ptr<Store>> Open() const {
    return OpenStore("sqlite:" + path_);
  }

  // Every call fails with `code`, and says `problem`.
  void ExpectFailure(Store& store, absl::StatusCode code,
                     absl::string_view problem) const {
    const absl::Status expected(code, absl::StrCat(path_, ": ", problem));
    EXPECT_EQ(store.Commit(Revocation("more")).status(), expected);
    EXPECT_EQ(store.AdvanceTime({}, absl::Seconds(1)).status(), expected);
    EXPECT_EQ(store.DropExpired(absl::InfiniteFuture(), 1).status(), expected);
    StoreContents contents;
    EXPECT_EQ(store.ReadSince(0, contents).status(), expected);
    EXPECT_EQ(store.AwaitChange(0, absl::ZeroDuration()), expected);
    EXPECT_EQ(store.Check().status(), expected);
    EXPECT_EQ(Open().status(), expected);
  }

  static void ExpectWorks(Store& store) {
    const StoreContents before = ContentsOf(store);
    EXPECT_EQ(before.issuers.size(), 1);
    EXPECT_GE(before.revocations.size(), 1'000);
    const absl::StatusOr<int64_t> revision =
        store.Commit(Revocation(absl::StrCat("mended ", before.mark.revision)));
    ASSERT_TRUE(revision.ok()) << revision.status();
    EXPECT_EQ(*revision, before.mark.revision + 1);
    EXPECT_EQ(ContentsOf(store).revocations.size(),
              before.revocations.size() + 1);
  }

  // Puts another file in the store's place, as whoever restores a backup does:
  // with what SQLite keeps beside it.
  void Replace(const std::string& with) const {
    std::filesystem::remove(path_ + "-wal");
    std::filesystem::remove(path_ + "-shm");
    std::filesystem::rename(with, path_);
  }

  // Copies the store's file to `name` beside it.
  std::string Copy(const std::string& name) const {
    std::string copy = folder_.PathTo(name);
    std::filesystem::copy_file(path_, copy);
    return copy;
  }

  // The store finds `corrupt` in its place to be so, and goes on with `good`.
  void ExpectCorruptThenWorks(Store& store, const std::string& corrupt,
                              const std::string& good) const {
    Replace(corrupt);
    StoreContents contents;
    const absl::Status expected =
        absl::DataLossError(absl::StrCat(path_, ": ", kCorrupt));
    EXPECT_EQ(store.ReadSince(0, contents).status(), expected);
    EXPECT_EQ(store.Check().status(), expected);
    Replace(good);
    ExpectWorks(store);
  }

  // Executes SQL in the store's file, by other means.
  void Execute(const char* sql) const {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
  }

  const TestFolder folder_;
  const std::string path_ = folder_.PathTo("store");
};

constexpr char kUnwritable[] =
    "may not be written; make the file and its folder writable for this user";
constexpr char kMissing[] = "is not there, or its folder is not; put it back";

TEST_F(SqliteFaultsTest, KeepsItsFilesFromOthers) {
  const mode_t before = umask(0);
  const std::unique_ptr<Store> store = Open().value();
  ASSERT_TRUE(store->Commit(Revocation("token")).ok());
  umask(before);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    EXPECT_EQ(ModeOf(path_ + suffix), 0600) << suffix;
  }
}

TEST_F(SqliteFaultsTest, RefusesAFileThatIsOpenToOthers) {
  MakeStore();
  for (const mode_t mode : {0620, 0604, 0602, 0601}) {
    chmod(path_.c_str(), mode);
    EXPECT_EQ(Open().status(),
              absl::FailedPreconditionError(
                  path_ + ": holds keys, but others may read or change it; run "
                          "\"chmod 600\" on it"));
  }
  chmod(path_.c_str(), 0640);
  EXPECT_TRUE(Open().ok());
}

TEST_F(SqliteFaultsTest, RecoversFromAReadOnlyFile) {
  MakeStore();
  const OrdinaryUser user;
  const std::unique_ptr<Store> store = Open().value();
  const std::string copy = Copy("copy");
  chmod(copy.c_str(), 0400);
  Replace(copy);
  ExpectFailure(*store, absl::StatusCode::kFailedPrecondition, kUnwritable);
  chmod(path_.c_str(), 0600);
  ExpectWorks(*store);
}

TEST_F(SqliteFaultsTest, RecoversFromAReadOnlyFolder) {
  MakeStore();
  const OrdinaryUser user;
  chmod(folder_.path().c_str(), 0500);
  const absl::Status refused = Open().status();
  chmod(folder_.path().c_str(), 0700);
  EXPECT_EQ(refused, absl::FailedPreconditionError(
                         absl::StrCat(path_, ": ", kUnwritable)));
  EXPECT_TRUE(Open().ok());
}

TEST_F(SqliteFaultsTest, RecoversFromAFileThatIsNoDatabase) {
  MakeStore();
  const std::unique_ptr<Store> store = Open().value();
  const std::string good = Copy("good");
  folder_.Write("other", std::string(10'000, 'x'));
  Replace(folder_.PathTo("other"));
  ExpectFailure(*store, absl::StatusCode::kDataLoss, kCorrupt);
  Replace(good);
  ExpectWorks(*store);
}

TEST_F(SqliteFaultsTest, RecoversFromATruncatedFile) {
  MakeStore();
  const std::unique_ptr<Store> store = Open().value();
  const std::string good = Copy("good");
  const std::string truncated = Copy("truncated");
  std::filesystem::resize_file(truncated,
                               std::filesystem::file_size(truncated) / 2);
  ExpectCorruptThenWorks(*store, truncated, good);
}

TEST_F(SqliteFaultsTest, RecoversFromGarbledPages) {
  MakeStore();
  const std::unique_ptr<Store> store = Open().value();
  const std::string good = Copy("good");
  const std::string garbled = Copy("garbled");
  const auto size = std::filesystem::file_size(garbled);
  {
    std::fstream file(garbled, std::ios::in | std::ios::out | std::ios::binary);
    // All but the first pages, which say what tables there are.
    constexpr std::streamoff kKept = 65'536;  // 16 pages.
    file.seekp(kKept);
    file << std::string(size - kKept, 'x');
  }
  ExpectCorruptThenWorks(*store, garbled, good);
}

TEST_F(SqliteFaultsTest, RecoversFromAMissingFile) {
  MakeStore();
  const std::unique_ptr<Store> store = Open().value();
  const std::string good = Copy("good");
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(path_ + suffix);
  }
  const absl::Status expected =
      absl::UnavailableError(absl::StrCat(path_, ": ", kMissing));
  EXPECT_EQ(store->Commit(Revocation("more")).status(), expected);
  StoreContents contents;
  EXPECT_EQ(store->ReadSince(0, contents).status(), expected);
  // It is not made anew, without what was in it.
  EXPECT_FALSE(std::filesystem::exists(path_));
  Replace(good);
  ExpectWorks(*store);
}

TEST_F(SqliteFaultsTest, SaysThatTheFolderIsMissing) {
  const std::string path = folder_.PathTo("missing/store");
  EXPECT_EQ(OpenStore("sqlite:" + path).status(),
            absl::UnavailableError(absl::StrCat(path, ": ", kMissing)));
}

TEST_F(SqliteFaultsTest, RecoversFromALockOfAnotherProcess) {
  MakeStore();
  const std::unique_ptr<Store> store = Open().value();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr),
            SQLITE_OK);
  EXPECT_EQ(
      store->Commit(Revocation("more")).status(),
      absl::UnavailableError(
          path_ + ": is locked by another process; end it, or try again"));
  // Reading goes on.
  EXPECT_EQ(ContentsOf(*store).revocations.size(), 1'000);
  sqlite3_close(other);
  ExpectWorks(*store);
}

TEST_F(SqliteFaultsTest, RecoversFromAFullDisk) {
  MakeStore();
  const std::unique_ptr<Store> store = Open().value();
  StoreChange change;
  for (int i = 0; i < 10'000; ++i) {
    change.revocations.push_back(ExampleRevocation(absl::StrCat("more ", i)));
  }
  {
    const FileSizeLimit limit(262'144);
    EXPECT_EQ(
        store->Commit(change).status(),
        absl::ResourceExhaustedError(
            path_ + ": the disk is full, or a limit on files is reached; make "
                    "room"));
    EXPECT_EQ(ContentsOf(*store).revocations.size(), 1'000);
  }
  EXPECT_TRUE(store->Commit(change).ok());
  ExpectWorks(*store);
}

TEST_F(SqliteFaultsTest, LeavesALaterVersionAlone) {
  MakeStore();
  const std::unique_ptr<Store> store = Open().value();
  Execute("UPDATE signet_version SET version = 7");
  EXPECT_EQ(Open().status(),
            absl::FailedPreconditionError(
                path_ +
                ": is of a later version (schema 7, and this Signet knows 2); "
                "run a later Signet"));
  Execute("UPDATE signet_version SET version = 2");
  ExpectWorks(*store);
  ExpectWorks(*Open().value());
}

TEST_F(SqliteFaultsTest, BringsTheFirstVersionUpToThisOne) {
  MakeStore();
  Execute("DROP TABLE signet_commit; UPDATE signet_version SET version = 1");
  ExpectWorks(*Open().value());
}

TEST_F(SqliteFaultsTest, LeavesTheDatabaseOfAnotherProgramAlone) {
  folder_.Write("store", "");
  Execute("CREATE TABLE theirs (column)");
  EXPECT_EQ(
      Open().status(),
      absl::FailedPreconditionError(
          path_ + ": is a database of another program; name another file"));
}

}  // namespace
}  // namespace signet
