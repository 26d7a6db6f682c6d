// How much memory Revocations take, and how fast they answer with 10 million
// entries.
//
// Memory: `bytes_per_entry` at the size in the name, and the most that it ever
// was on the way there, from 4,096 entries on; `peak_rss_per_entry` is by how
// much the process grew at most, by the kernel's account, in a process of its
// own.
//
// Find: nanoseconds per look-up of tokens that are revoked or not, in random
// order; alone, and while another thread adds as fast as it can
// (`added_per_s`). The median of many short times. Every round also times the
// baseline, a set of strings under a std::shared_mutex, so that the ratio
// `vs_baseline` compares like with like on a machine whose speed changes.

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <random>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "benchmarks/timed_rounds.h"
#include "jose/claims_set.h"
#include "store/records.h"
#include "verifier/revocation_hash.h"
#include "verifier/revocations.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://signet.example";
constexpr size_t kEntries = 10'000'000;
constexpr size_t kFindsPerTime = 1'000;
constexpr size_t kQuestions = 1'000'000;
constexpr int kRounds = 50;
const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

// Writes a `jti` of 32 bytes, random to look at, that differs for each number.
std::string TokenId(uint64_t number) {
  const uint64_t mixed = (number ^ (number >> 31)) * 0x9e3779b97f4a7c15;
  return absl::StrCat(absl::Hex(mixed, absl::kZeroPad16),
                      absl::Hex(number, absl::kZeroPad16));
}

class FingerprintTable {
 public:
  void Add(uint64_t number) {
    revocations_.Apply({.target = RevocationTarget::kTokenId,
                        .issuer = kIssuer,
                        .value = TokenId(number),
                        .expires = kNow + absl::Hours(1)});
  }
  bool Find(absl::string_view token_id) {
    claims_.jwt_id = token_id;
    return revocations_.Find(token_, kNow).has_value();
  }
  const Revocations& revocations() const { return revocations_; }

 private:
  Revocations revocations_;
  // That of the one thread that finds.
  RegisteredClaims claims_{.issuer = kIssuer};
  const RevocableToken token_{"key", claims_, "header.payload"};
};

// What one would write first.
class SharedMutexSet {
 public:
  void Add(uint64_t number) {
    std::string entry = absl::StrCat(kIssuer, " ", TokenId(number));
    const std::lock_guard lock(mutex_);
    entries_.insert(std::move(entry));
  }
  bool Find(absl::string_view token_id) const {
    thread_local std::string entry;
    entry.clear();
    absl::StrAppend(&entry, kIssuer, " ", token_id);
    const std::shared_lock lock(mutex_);
    return entries_.contains(entry);
  }

 private:
  mutable std::shared_mutex mutex_;
  absl::flat_hash_set<std::string> entries_;
};

// One of each kind, with kEntries: filled once, and never destroyed.
template <typename Scheme>
Scheme& Filled() {
  static Scheme& scheme = *[] {
    auto* const made = new Scheme;
    for (uint64_t i = 0; i < kEntries; ++i) made->Add(i);
    return made;
  }();
  return scheme;
}

// kQuestions token ids one after the other in memory, in random order: of
// entries, or of none.
enum class Asked { kRevoked, kOthers };

class Questions {
 public:
  explicit Questions(Asked asked) {
    std::mt19937_64 random(1);
    // Adding goes on from kEntries upwards, and never comes as far as this.
    const uint64_t first = asked == Asked::kRevoked ? 0 : uint64_t{1} << 40;
    for (size_t i = 0; i < kQuestions; ++i) {
      text_ += TokenId(first + random() % kEntries);
    }
  }
  absl::string_view Next() {
    if (at_ == text_.size()) at_ = 0;
    const absl::string_view token_id(text_.data() + at_, kTokenIdBytes);
    at_ += kTokenIdBytes;
    return token_id;
  }

 private:
  static constexpr size_t kTokenIdBytes = 32;
  std::string text_;
  size_t at_ = 0;
};

// Adds to a scheme on a thread of its own while it lives.
template <typename Scheme>
class Adding {
 public:
  explicit Adding(Scheme& scheme) : thread_([this, &scheme] {
    StayOnProcessor(1);
    for (; !ended_; ++added_) scheme.Add(next_++);
  }) {}
  ~Adding() {
    ended_ = true;
    thread_.join();
  }
  uint64_t added() const { return added_; }

 private:
  static inline std::atomic<uint64_t> next_{kEntries};
  std::atomic<bool> ended_{false};
  std::atomic<uint64_t> added_{0};
  std::thread thread_;
};

enum class Beside { kNothing, kAdding };

// Adds the times of look-ups to `times`, and returns what was added meanwhile.
template <typename Scheme>
uint64_t TimeFinds(Questions& questions, Asked asked, Beside beside,
                   std::vector<double>& times) {
  Scheme& scheme = Filled<Scheme>();
  std::optional<Adding<Scheme>> adding;
  if (beside == Beside::kAdding) adding.emplace(scheme);
  TimeRound(
      1, kFindsPerTime,
      [&](size_t) {
        size_t found = 0;
        for (size_t i = 0; i < kFindsPerTime; ++i) {
          found += scheme.Find(questions.Next()) ? 1 : 0;
        }
        if (found != (asked == Asked::kRevoked ? kFindsPerTime : 0)) {
          std::abort();
        }
      },
      times);
  return adding ? adding->added() : 0;
}

void BM_Find(benchmark::State& state, Asked asked, Beside beside) {
  Questions questions(asked);
  std::vector<double> times;
  std::vector<double> baseline_times;
  double added = 0;
  for (auto _ : state) {
    added += TimeFinds<FingerprintTable>(questions, asked, beside, times);
    TimeFinds<SharedMutexSet>(questions, asked, beside, baseline_times);
  }
  const double ours = Median(times);
  const double others = Median(baseline_times);
  state.counters["ns"] = ours;
  state.counters["baseline_ns"] = others;
  state.counters["vs_baseline"] = others / ours;
  state.counters["added_per_s"] = added / kRounds / 0.02;
}

}  // namespace
}  // namespace signet

int main(int argc, char** argv) {
  using namespace signet;
  benchmark::Initialize(&argc, argv);
  RevocationHash hash;
  auto id = TokenId(7);
  benchmark::RegisterBenchmark("Hash", [&](benchmark::State& s) {
    for (auto _ : s) benchmark::DoNotOptimize(hash.Fingerprint(kIssuer, id));
  });
  for (auto asked : {Asked::kRevoked, Asked::kOthers})
    for (auto beside : {Beside::kNothing, Beside::kAdding})
      benchmark::RegisterBenchmark(
          absl::StrCat("Find/", asked == Asked::kRevoked ? "revoked" : "others",
                       beside == Beside::kNothing ? "/alone" : "/while_adding")
              .c_str(),
          BM_Find, asked, beside)
          ->Iterations(kRounds);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
