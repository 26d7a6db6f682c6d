// A process that commits is killed, over and over. Whatever it has acknowledged
// is there afterwards.

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "store/open_store.h"
#include "store/records.h"
#include "store/store.h"
#include "tests/service/test_folder.h"
#include "tests/store/store_contents.h"

namespace signet {
namespace {

constexpr int kCycles = 220;
constexpr unsigned kSeed = 20'261'123;
constexpr char kProgram[] = "tests/store/committing_process";

// A running committing_process.
class CommittingProcess {
 public:
  CommittingProcess(const std::string& address, const std::string& name) {
    std::array<int, 2> ends = {-1, -1};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    output_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::array<std::string, 3> words = {kProgram, address, name};
    std::array<char*, 4> arguments = {words[0].data(), words[1].data(),
                                      words[2].data(), nullptr};
    EXPECT_EQ(posix_spawn(&process_, kProgram, &actions, nullptr,
                          arguments.data(), environ),
              0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
  }
  // Stands for a process.
  CommittingProcess(const CommittingProcess&) = delete;
  CommittingProcess& operator=(const CommittingProcess&) = delete;
  ~CommittingProcess() { close(output_); }

  void AwaitFirstLine() const {
    pollfd output = {.fd = output_, .events = POLLIN, .revents = 0};
    EXPECT_EQ(poll(&output, 1, /*timeout=*/60'000), 1);
  }

  // Kills it, and returns the lines that it has printed.
  std::vector<std::string> Kill() const {
    EXPECT_EQ(kill(process_, SIGKILL), 0);
    int status = 0;
    EXPECT_EQ(waitpid(process_, &status, 0), process_);
    EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself";
    std::string text;
    std::array<char, 4096> buffer;
    ssize_t size = 0;
    while ((size = read(output_, buffer.data(), buffer.size())) > 0) {
      text.append(buffer.data(), static_cast<size_t>(size));
    }
    return absl::StrSplit(text, '\n', absl::SkipEmpty());
  }

 private:
  int output_ = -1;
  pid_t process_ = -1;
};

// What was acknowledged.
class Acknowledged {
 public:
  void Add(const std::string& line) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words[0] == "revoked") {
      token_ids_.insert(words.at(1));
      return;
    }
    ++key_changes_;
    issuer_ = words.at(1);
    key_id_ = words.at(2);
    ASSERT_TRUE(absl::SimpleAtoi(words.at(3), &revision_)) << line;
  }

  void ExpectAllIn(const StoreContents& contents) const {
    std::set<std::string> stored;
    for (const auto& [target, record] : contents.revocations) {
      stored.insert(record.value);
    }
    for (const std::string& token_id : token_ids_) {
      EXPECT_EQ(stored.count(token_id), 1) << token_id;
    }
    if (key_changes_ == 0) return;
    const IssuerKeyRecords& keys = contents.issuers.at(issuer_);
    ASSERT_EQ(keys.keys.size(), 1);
    // The last change may have happened without a chance to say so.
    EXPECT_GE(keys.revision, revision_);
    if (keys.revision == revision_) {
      EXPECT_EQ(keys.keys[0].key_id, key_id_);
    }
  }

  size_t revocations() const { return token_ids_.size(); }
  int64_t key_changes() const { return key_changes_; }

 private:
  std::set<std::string> token_ids_;
  std::string issuer_;
  std::string key_id_;
  int64_t revision_ = 0;
  int64_t key_changes_ = 0;
};

TEST(StoreDurabilityTest, LosesNothingAcknowledgedWhenKilled) {
  const TestFolder folder;
  const std::string address = "sqlite:" + folder.PathTo("store");
  std::mt19937 random(kSeed);
  std::uniform_int_distribution<int> microseconds(0, 25'000);
  Acknowledged acknowledged;
  for (int cycle = 0; cycle < kCycles && !testing::Test::HasFailure();
       ++cycle) {
    const CommittingProcess process(address, absl::StrCat(cycle));
    // Every fourth is killed while it opens the store, or soon after.
    if (cycle % 4 != 3) process.AwaitFirstLine();
    std::this_thread::sleep_for(
        std::chrono::microseconds(microseconds(random)));
    for (const std::string& line : process.Kill()) acknowledged.Add(line);

    const absl::StatusOr<std::unique_ptr<Store>> store = OpenStore(address);
    ASSERT_TRUE(store.ok()) << store.status();
    acknowledged.ExpectAllIn(ContentsOf(**store));
    if (cycle % 20 == 0) {
      EXPECT_TRUE((*store)->Check().ok());
    }
  }
  std::cout << kCycles << " kills, " << acknowledged.revocations()
            << " revocations and " << acknowledged.key_changes()
            << " changes of keys acknowledged\n";
  // Three of four have said something.
  EXPECT_GE(static_cast<int64_t>(acknowledged.revocations()) +
                acknowledged.key_changes(),
            kCycles * 3 / 4);
  EXPECT_GT(acknowledged.key_changes(), 0);
}

}  // namespace
}  // namespace signet
