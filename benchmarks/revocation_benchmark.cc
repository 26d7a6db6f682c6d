// How much memory Revocations take, and how fast they answer with 10 million
// entries.
//
// Memory: `bytes_per_entry` at the size in the name, and the most that it ever
// was on the way there, from 4,096 entries on; `peak_rss_per_entry` is by how
// much the process grew at most, by the kernel's account, in a process of its
// own.
//
// Verify: nanoseconds to verify a token that is known from the cache and not
// revoked, with no entries and with 10 million. The baseline is the same
// without Revocations; above_baseline_ns is what they add.
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
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <shared_mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "benchmarks/timed_rounds.h"
#include "jose/algorithm.h"
#include "jose/claims_set.h"
#include "keys/key_cache.h"
#include "store/records.h"
#include "tests/test_issuer.h"
#include "verifier/jwt_verifier.h"
#include "verifier/revocation_hash.h"
#include "verifier/revocations.h"
#include "verifier/token_cache.h"
#include "verifier/validation_policy.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://signet.example";
constexpr size_t kEntries = 10'000'000;
constexpr size_t kFindsPerTime = 1'000;
constexpr size_t kQuestions = 1'000'000;
constexpr int kRounds = 50;
constexpr int kVerifyRounds = 1'000;
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
  // As a verification does, long before it asks.
  void Prefetch(absl::string_view token_id) {
    claims_.jwt_id = token_id;
    revocations_.Prefetch(claims_);
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
  void Prefetch(absl::string_view) const {}
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
  // Ahead returns what Next returns after `others` others.
  absl::string_view Ahead(size_t others) const {
    return absl::string_view(text_).substr(
        (at_ + others * kTokenIdBytes) % text_.size(), kTokenIdBytes);
  }
  absl::string_view Next() {
    const absl::string_view token_id = Ahead(0);
    at_ = (at_ + kTokenIdBytes) % text_.size();
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
  explicit Adding(Scheme& scheme)
      : thread_([this, &scheme] {
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

// Whether each look-up is prefetched kAnnouncedAhead look-ups before, as
// verifications do, and batches far more so.
enum class Announced { kNo, kYes };
constexpr size_t kAnnouncedAhead = 4;

enum class Beside { kNothing, kAdding };

// Adds the times of look-ups to `times`, and returns what was added meanwhile.
template <typename Scheme>
uint64_t TimeFinds(Questions& questions, Asked asked, Announced announced,
                   Beside beside, std::vector<double>& times) {
  auto& scheme = Filled<Scheme>();
  std::optional<Adding<Scheme>> adding;
  if (beside == Beside::kAdding) adding.emplace(scheme);
  TimeRound(
      1, kFindsPerTime,
      [&](size_t) {
        size_t found = 0;
        for (size_t i = 0; i < kFindsPerTime; ++i) {
          if (announced == Announced::kYes) {
            scheme.Prefetch(questions.Ahead(kAnnouncedAhead));
          }
          found += scheme.Find(questions.Next()) ? 1 : 0;
        }
        if (found != (asked == Asked::kRevoked ? kFindsPerTime : 0)) {
          std::abort();
        }
      },
      times);
  return adding ? adding->added() : 0;
}

void BM_Find(benchmark::State& state, Asked asked, Announced announced,
             Beside beside) {
  Questions questions(asked);
  std::vector<double> times;
  std::vector<double> baseline_times;
  double added = 0;
  while (state.KeepRunning()) {
    added += static_cast<double>(TimeFinds<FingerprintTable>(
        questions, asked, announced, beside, times));
    TimeFinds<SharedMutexSet>(questions, asked, announced, beside,
                              baseline_times);
  }
  const double ours = Median(times);
  const double others = Median(baseline_times);
  state.counters["ns"] = ours;
  state.counters["baseline_ns"] = others;
  state.counters["vs_baseline"] = others / ours;
  state.counters["added_per_s"] = added / kRounds / 0.02;
}

// What a process of its own tells of its memory.
struct MemoryUse {
  double bytes_per_entry;
  double max_bytes_per_entry;
  double peak_rss_per_entry;
};

// Returns a figure of /proc/self/status in bytes.
double StatusBytes(absl::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind(std::string(name), 0) != 0) continue;
    return std::stod(line.substr(name.size() + 1)) * 1024;
  }
  std::abort();
}

MemoryUse UseMemory(size_t entries) {
  std::ofstream("/proc/self/clear_refs") << "5";  // The peak is now.
  const double before = StatusBytes("VmRSS");
  FingerprintTable table;
  MemoryUse use{};
  for (size_t i = 1; i <= entries; ++i) {
    table.Add(i);
    if (i < 4'096 || i % 64 != 0) continue;
    use.max_bytes_per_entry =
        std::max(use.max_bytes_per_entry,
                 static_cast<double>(table.revocations().bytes()) /
                     static_cast<double>(i));
  }
  const auto count = static_cast<double>(entries);
  use.bytes_per_entry =
      static_cast<double>(table.revocations().bytes()) / count;
  use.peak_rss_per_entry = (StatusBytes("VmHWM") - before) / count;
  return use;
}

// Another process, because what one run frees the next would use again.
void BM_Memory(benchmark::State& state) {
  std::array<int, 2> ends;
  while (state.KeepRunning()) {
    if (pipe(ends.data()) != 0) std::abort();
    const pid_t child = fork();
    if (child == 0) {
      const MemoryUse use = UseMemory(static_cast<size_t>(state.range(0)));
      if (write(ends[1], &use, sizeof(use)) != sizeof(use)) std::abort();
      _exit(0);
    }
    MemoryUse use;
    if (read(ends[0], &use, sizeof(use)) != sizeof(use)) std::abort();
    waitpid(child, nullptr, 0);
    close(ends[0]);
    close(ends[1]);
    state.counters["bytes_per_entry"] = use.bytes_per_entry;
    state.counters["max_bytes_per_entry"] = use.max_bytes_per_entry;
    state.counters["peak_rss_per_entry"] = use.peak_rss_per_entry;
  }
}

void BM_Hash(benchmark::State& state) {
  const RevocationHash hash;
  const std::string token_id = TokenId(1);
  while (state.KeepRunning()) {
    benchmark::DoNotOptimize(hash.Fingerprint(kIssuer, token_id));
  }
}

// What asking about revocations adds to the verification of tokens that are
// known from the cache.
class Verifiers {
 public:
  static constexpr size_t kTokens = 100'000;

  Verifiers() {
    for (size_t i = 0; i < kTokens; ++i) {
      tokens_.push_back(issuer_.Mint(
          Algorithm::kHs256,
          absl::StrCat(R"({"iss":"https://signet.example","aud":"orders",)",
                       R"("exp":1800000600,"iat":1799999999,"sub":"billing",)",
                       R"("scope":"orders.read orders.write","jti":")",
                       TokenId((uint64_t{1} << 40) + i), R"("})")));
    }
    for (size_t i = 0; i < kTokens; i += kFindsPerTime) Verify(without_, i);
  }

  // Verifies kFindsPerTime tokens, and returns nanoseconds for each.
  double Verify(const JwtVerifier& verifier, size_t first) const {
    const auto start = std::chrono::steady_clock::now();
    for (size_t i = first; i < first + kFindsPerTime; ++i) {
      if (!verifier.Verify(tokens_[i], policy_, none_, kNow)->ok()) {
        std::abort();
      }
    }
    const auto end = std::chrono::steady_clock::now();
    return std::chrono::duration<double, std::nano>(end - start).count() /
           kFindsPerTime;
  }

  const JwtVerifier& without() const { return without_; }
  JwtVerifier With(std::shared_ptr<const Revocations> revocations) const {
    return JwtVerifier(keys_, cache_, std::move(revocations));
  }

 private:
  static ValidationPolicy Policy() {
    ValidationPolicyOptions options;
    options.name = "orders";
    options.issuers = {kIssuer};
    options.audiences = {"orders"};
    options.algorithms = {Algorithm::kHs256};
    options.allow_ambiguous_kind = true;
    return ValidationPolicy::Create(std::move(options)).value();
  }

  const TestIssuer issuer_{kIssuer};
  const std::shared_ptr<const KeyCache> keys_ = Trust({&issuer_});
  const std::shared_ptr<TokenCache> cache_ =
      std::make_shared<TokenCache>(8 * TokenCache::kDefaultBytes);
  const JwtVerifier without_{keys_, cache_};
  const ValidationPolicy policy_ = Policy();
  const Tightening none_;
  std::vector<std::string> tokens_;
};

void BM_Verify(benchmark::State& state,
               std::shared_ptr<const Revocations> (*revocations)()) {
  static const Verifiers& verifiers = *new Verifiers;
  const JwtVerifier with = verifiers.With(revocations());
  std::vector<double> times;
  std::vector<double> baseline_times;
  size_t first = 0;
  while (state.KeepRunning()) {
    // Each on other tokens, so that neither finds memory warm from the other.
    baseline_times.push_back(verifiers.Verify(verifiers.without(), first));
    first = (first + kFindsPerTime) % Verifiers::kTokens;
    times.push_back(verifiers.Verify(with, first));
    first = (first + 2 * kFindsPerTime) % Verifiers::kTokens;
  }
  const double ours = Median(times);
  const double others = Median(baseline_times);
  state.counters["ns"] = ours;
  state.counters["baseline_ns"] = others;
  state.counters["vs_baseline"] = others / ours;
  state.counters["above_baseline_ns"] = ours - others;
}

std::shared_ptr<const Revocations> NoRevocations() {
  return std::make_shared<Revocations>();
}

std::shared_ptr<const Revocations> ManyRevocations() {
  // It is never destroyed.
  return {&Filled<FingerprintTable>().revocations(), [](const void*) {}};
}

BENCHMARK(BM_Memory)
    ->RangeMultiplier(10)
    ->Range(1'000, kEntries)
    ->Arg(4'096)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Hash);
BENCHMARK_CAPTURE(BM_Verify, no_entries, NoRevocations)
    ->Iterations(kVerifyRounds);
BENCHMARK_CAPTURE(BM_Verify, 10M_entries, ManyRevocations)
    ->Iterations(kVerifyRounds);
void RegisterFinds() {
  const std::pair<const char*, Asked> kAsked[] = {{"others", Asked::kOthers},
                                                  {"revoked", Asked::kRevoked}};
  const std::pair<const char*, Announced> kAnnounced[] = {
      {"prefetched", Announced::kYes}, {"cold", Announced::kNo}};
  const std::pair<const char*, Beside> kBeside[] = {
      {"alone", Beside::kNothing}, {"while_adding", Beside::kAdding}};
  for (const auto& [asked_name, asked] : kAsked) {
    for (const auto& [announced_name, announced] : kAnnounced) {
      for (const auto& [beside_name, beside] : kBeside) {
        benchmark::RegisterBenchmark(
            absl::StrCat("Find/", asked_name, "/", announced_name, "/",
                         beside_name)
                .c_str(),
            BM_Find, asked, announced, beside)
            ->Iterations(kRounds);
      }
    }
  }
}

}  // namespace
}  // namespace signet

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  signet::RegisterFinds();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
