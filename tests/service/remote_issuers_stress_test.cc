#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "keys/key_cache.h"
#include "keys/key_set.h"
#include "service/event_log.h"
#include "service/remote_issuers.h"
#include "store/records.h"
#include "tests/remote/faulty_provider.h"
#include "tests/remote/published_keys.h"
#include "tests/run_at_once.h"

namespace signet {
namespace {

constexpr absl::Duration kDuration = absl::Seconds(2);
const absl::Time kWallStart = absl::FromUnixSeconds(1'800'000'000);

// The time that RemoteIssuers go by: it passes when the test says so.
class StressClock {
 public:
  void Pass(absl::Duration by) { passed_ += absl::ToInt64Milliseconds(by); }
  absl::Duration elapsed() const {
    return absl::Hours(1000) + absl::Milliseconds(passed_.load());
  }
  absl::Time now() const { return kWallStart + elapsed(); }

 private:
  std::atomic<int64_t> passed_ = 0;
};

// Fetches from a FaultyProvider, on a thread of its own.
class ProviderFetcher final : public Fetcher {
 public:
  ProviderFetcher() : thread_([this] { Run(); }) {}
  ~ProviderFetcher() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  void Fetch(FetchRequest request, Done done) override {
    const std::lock_guard lock(mutex_);
    waiting_.emplace_back(std::move(request), std::move(done));
    changed_.notify_all();
  }

  // Has the provider fail no more, and publish one more key, which it returns.
  std::string Recover() {
    const std::lock_guard lock(mutex_);
    faulty_ = false;
    provider_.Rotate();
    return provider_.key_ids().back();
  }

  // Whether the provider has ever published this key.
  bool HasPublished(absl::string_view key_id) const {
    const std::lock_guard lock(mutex_);
    return absl::c_linear_search(provider_.key_ids(), key_id);
  }

  // Returns once nobody waits for an answer.
  void AwaitQuiet() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
      return waiting_.empty() && !answering_;
    });
  }

 private:
  void Run() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      auto [request, done] = std::move(waiting_.front());
      waiting_.pop_front();
      absl::StatusOr<FetchAnswer> answer = Answer(request);
      answering_ = true;
      lock.unlock();
      done(std::move(answer));
      lock.lock();
      answering_ = false;
      changed_.notify_all();
    }
  }

  absl::StatusOr<FetchAnswer> Answer(const FetchRequest& request)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (stopping_) return absl::CancelledError("the test has ended");
    if (!faulty_) return provider_.AnswerWell(request);
    if (random_() % 5 == 0) provider_.Rotate();
    return provider_.AnswerBadly(request);
  }

  const FaultyProvider::Sets sets_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::mt19937 random_ ABSL_GUARDED_BY(mutex_){1};
  FaultyProvider provider_ ABSL_GUARDED_BY(mutex_){random_, sets_};
  std::deque<std::pair<FetchRequest, Done>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool faulty_ ABSL_GUARDED_BY(mutex_) = true;
  bool answering_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// The sets that a store would have.
class KeptSets {
 public:
  void Keep(JwkSetRecord record) {
    const std::lock_guard lock(mutex_);
    last_ = std::move(record);
  }
  std::optional<JwkSetRecord> last() const {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<JwkSetRecord> last_ ABSL_GUARDED_BY(mutex_);
};

class RemoteIssuersStressTest
    : public testing::TestWithParam<RemoteOptions (*)()> {
 protected:
  RemoteIssuersStressTest() {
    key_cache_->ReplaceIssuer(kProvider, *KeySet::Create({}));
    remote_.Start(*fetcher_, log_, [this](JwkSetRecord record, auto done) {
      kept_.Keep(std::move(record));
      done(absl::OkStatus());
    });
  }
  ~RemoteIssuersStressTest() override {
    remote_.Stop();
    fetcher_.reset();
  }

  bool Finds(absl::string_view key_id) const {
    const KeyCache::Reader reader(*key_cache_);
    const std::optional<IssuerKeys> keys = reader.FindIssuer(kProvider);
    return keys && keys->FindById(key_id) != nullptr;
  }

  // Asks for a key as the verification of a token does. None is found that the
  // provider has not published.
  void Ask(const std::string& key_id) {
    if (Finds(key_id)) {
      EXPECT_TRUE(fetcher_->HasPublished(key_id)) << key_id;
    } else if (remote_.Inquire(kProvider, key_id) == Absence::kFetching) {
      ++awaited_;
      if (!remote_.AwaitFetch(kProvider, [this] { ++told_; })) --awaited_;
    }
  }

  // Lets a little time pass, and everything happen that is due by then.
  void Settle() {
    clock_.Pass(absl::Minutes(5));
    remote_.FetchDue();
    fetcher_->AwaitQuiet();
  }

  StressClock clock_;
  EventLog log_;
  KeptSets kept_;
  std::atomic<int64_t> awaited_ = 0;
  std::atomic<int64_t> told_ = 0;
  const std::shared_ptr<KeyCache> key_cache_ = std::make_shared<KeyCache>();
  std::unique_ptr<ProviderFetcher> fetcher_ =
      std::make_unique<ProviderFetcher>();
  RemoteIssuers remote_{{GetParam()()},
                        key_cache_,
                        [this] { return clock_.now(); },
                        [this] { return clock_.elapsed(); }};
};

TEST_P(RemoteIssuersStressTest, FaultsNeverMakeAWrongKeyUsedAndAreRecovered) {
  const auto ask = [this](uint64_t i) {
    Ask(absl::StrCat("key", i % FaultyProvider::Sets::kKeys));
    EXPECT_FALSE(Finds("evil"));
    EXPECT_FALSE(Finds("twin"));
  };
  RunAtOnce(
      kDuration, ask, ask,
      [this](uint64_t i) {
        clock_.Pass(absl::Seconds(i % 97 * (i % 13)));
        remote_.FetchDue();
      },
      [this](uint64_t) {
        if (const auto record = kept_.last()) remote_.Adopt(*record);
      });
  const std::string newest = fetcher_->Recover();
  for (int i = 0; i < 24; ++i) Settle();
  EXPECT_TRUE(Finds(newest));
  remote_.Stop();
  EXPECT_EQ(told_, awaited_) << "somebody waits forever, or was told twice";
}

INSTANTIATE_TEST_SUITE_P(Sources, RemoteIssuersStressTest,
                         testing::Values(DiscoveringOptions, JwksOptions));

}  // namespace
}  // namespace signet
