// How fast readers find keys, by (issuer, kid), in KeyCache and in what it
// could have been (key_cache_alternatives.h).
//
// Find: nanoseconds per look-up of each of the reading threads, the median of
// many short times. Every round also times the baseline, maps under a
// std::shared_mutex, so that the ratio `vs_baseline` compares like with like on
// a machine whose speed changes.
//
// Latency: percentiles of single look-ups of one reader, in nanoseconds,
// without a writer and beside one that replaces 1,000 issuers per second. The
// clock's own cost, `timer_ns`, is in them.

#include <sched.h>
#include <x86intrin.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "benchmark/benchmark.h"
#include "benchmarks/key_cache_alternatives.h"
#include "jose/algorithm.h"
#include "keys/key_material.h"
#include "keys/key_set.h"
#include "keys/verification_key.h"

namespace signet {
namespace {

using Clock = std::chrono::steady_clock;

// Keeps this thread on one processor, so that threads compete for cache lines
// and not for processors, as far as there are enough.
void StayOnProcessor(unsigned number) {
  cpu_set_t processors;
  CPU_ZERO(&processors);
  CPU_SET(number % std::thread::hardware_concurrency(), &processors);
  sched_setaffinity(0, sizeof(processors), &processors);
}

constexpr size_t kFindsPerTime = 1'000;

enum class Asked { kKnown, kUnknownKey, kUnknownIssuer };

std::string IssuerName(size_t issuer) {
  return absl::StrFormat("https://issuer-%05d.example", issuer);
}

// As long as a thumbprint.
std::string KeyId(size_t issuer, size_t key) {
  return absl::StrFormat("n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1s%05d-%d", issuer,
                         key);
}

KeySet MakeKeys(size_t issuer, size_t keys_count) {
  std::vector<VerificationKey> keys;
  for (size_t i = 0; i < keys_count; ++i) {
    const std::string secret(32, static_cast<char>('a' + i));
    keys.push_back(*VerificationKey::Create(
        Algorithm::kHs256, KeyId(issuer, i),
        SecretBytes(
            {reinterpret_cast<const uint8_t*>(secret.data()), secret.size()}),
        KeyLimits{}));
  }
  return *KeySet::Create(std::move(keys));
}

struct Size {
  size_t issuers;
  size_t keys_each;
};

template <typename Scheme>
void Fill(Scheme& scheme, Size size) {
  if constexpr (requires { scheme.hash(); }) {
    std::vector<SharedKeys> all;
    all.reserve(size.issuers);
    for (size_t i = 0; i < size.issuers; ++i) {
      all.push_back(PublishedKeys::Create(
          IssuerName(i), MakeKeys(i, size.keys_each), 1, scheme.hash()));
    }
    scheme.Load(all);
  } else {
    for (size_t i = 0; i < size.issuers; ++i) {
      scheme.Replace(IssuerName(i), MakeKeys(i, size.keys_each));
    }
  }
}

// Questions, in random order, one after the other in memory: as a token's are,
// they are in the cache when they are asked.
class Questions {
 public:
  Questions(Size size, Asked asked, unsigned seed) {
    for (size_t i = 0; i < size.issuers; ++i) {
      for (size_t k = 0; k < size.keys_each; ++k) pairs_.emplace_back(i, k);
    }
    std::shuffle(pairs_.begin(), pairs_.end(), std::mt19937(seed));
    const size_t repetitions = std::max<size_t>(1, 1'000 / pairs_.size());
    for (size_t i = 0; i < repetitions; ++i) {
      for (const auto& [issuer, key] : pairs_) Add(issuer, key, asked);
    }
  }

  // Reader asks them over and over.
  class Reader {
   public:
    explicit Reader(const Questions& questions) : questions_(questions) {}

    // Calls `ask` with (issuer, kid), `count` times.
    template <typename Asking>
    void Ask(size_t count, const Asking& ask) {
      const size_t issuer_size = questions_.issuer_size_;
      const size_t key_id_size = questions_.key_id_size_;
      for (; count > 0; --count) {
        if (at_ == questions_.text_.size()) at_ = 0;
        const char* const text = questions_.text_.data() + at_;
        ask(absl::string_view(text, issuer_size),
            absl::string_view(text + issuer_size, key_id_size));
        at_ += issuer_size + key_id_size;
      }
    }

   private:
    const Questions& questions_;
    size_t at_ = 0;
  };

 private:
  void Add(size_t issuer, size_t key, Asked asked) {
    const std::string name =
        IssuerName(asked == Asked::kUnknownIssuer ? issuer + 20'000 : issuer);
    const std::string id =
        KeyId(issuer, asked == Asked::kUnknownKey ? key + 4 : key);
    issuer_size_ = name.size();
    key_id_size_ = id.size();
    absl::StrAppend(&text_, name, id);
  }

  std::vector<std::pair<size_t, size_t>> pairs_;
  std::string text_;
  size_t issuer_size_ = 0;
  size_t key_id_size_ = 0;
};

// Times look-ups by as many threads as there are lists of questions, all at
// once for 20 ms. Adds nanoseconds per look-up to `times`, one for each 1,000:
// their median does not see the thread sent away for milliseconds.
template <typename Scheme>
void TimeRound(const Scheme& scheme, const std::vector<Questions>& questions,
               bool known, std::vector<double>& times) {
  std::barrier start(static_cast<std::ptrdiff_t>(questions.size()));
  std::vector<std::vector<double>> own_times(questions.size());
  std::vector<std::thread> readers;
  readers.reserve(questions.size());
  for (size_t i = 0; i < questions.size(); ++i) {
    readers.emplace_back([&, i] {
      StayOnProcessor(static_cast<unsigned>(i));
      Questions::Reader reader(questions[i]);
      start.arrive_and_wait();
      const auto end = Clock::now() + std::chrono::milliseconds(20);
      for (auto now = Clock::now(); now < end;) {
        size_t found = 0;
        reader.Ask(kFindsPerTime,
                   [&](absl::string_view issuer, absl::string_view id) {
                     found += scheme.Find(issuer, id) != nullptr ? 1 : 0;
                   });
        const auto later = Clock::now();
        own_times[i].push_back(
            std::chrono::duration<double, std::nano>(later - now).count() /
            kFindsPerTime);
        now = later;
        if (found != (known ? kFindsPerTime : 0)) std::abort();
      }
    });
  }
  for (std::thread& reader : readers) reader.join();
  for (const auto& own : own_times) {
    times.insert(times.end(), own.begin(), own.end());
  }
}

double Median(std::vector<double>& times) {
  const auto middle =
      times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

template <typename Scheme>
void BM_Find(benchmark::State& state, Size size, Asked asked) {
  Scheme scheme;
  SharedMutexMaps baseline;
  Fill(scheme, size);
  Fill(baseline, size);
  std::vector<Questions> questions;
  for (unsigned i = 0; i < state.range(0); ++i) {
    questions.emplace_back(size, asked, i);
  }
  std::vector<double> times;
  std::vector<double> baseline_times;
  const bool known = asked == Asked::kKnown;
  for ([[maybe_unused]] const auto _ : state) {
    TimeRound(scheme, questions, known, times);
    TimeRound(baseline, questions, known, baseline_times);
  }
  const double ours = Median(times);
  const double others = Median(baseline_times);
  state.counters["ns"] = ours;
  state.counters["baseline_ns"] = others;
  state.counters["vs_baseline"] = others / ours;
}

// Counts of durations in ticks of the processor's clock.
class Percentiles {
 public:
  void Add(uint64_t ticks) {
    ++counts_[std::min<uint64_t>(ticks, counts_.size() - 1)];
    ++total_;
  }
  uint64_t At(double part) const {
    auto below = static_cast<uint64_t>(part * static_cast<double>(total_));
    for (size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] > below) return i;
      below -= counts_[i];
    }
    return counts_.size();
  }

 private:
  std::vector<uint64_t> counts_ = std::vector<uint64_t>(1 << 20);
  uint64_t total_ = 0;
};

uint64_t Ticks() {
  unsigned unused;
  return __rdtscp(&unused);
}

double NanosecondsPerTick() {
  static const double result = [] {
    const auto began = Clock::now();
    const uint64_t first = Ticks();
    while (Clock::now() - began < std::chrono::milliseconds(50)) {
    }
    const uint64_t last = Ticks();
    return std::chrono::duration<double, std::nano>(Clock::now() - began)
               .count() /
           static_cast<double>(last - first);
  }();
  return result;
}

// Replaces issuers at an even pace while it lives.
template <typename Scheme>
class Writer {
 public:
  Writer(Scheme& scheme, Size size, int64_t per_second)
      : thread_([this, &scheme, size, per_second] {
          if (per_second > 0) Replace(scheme, size, per_second);
        }) {}
  ~Writer() {
    stop_ = true;
    thread_.join();
  }
  int64_t replaced() const { return replaced_; }

 private:
  void Replace(Scheme& scheme, Size size, int64_t per_second) {
    StayOnProcessor(1);
    std::mt19937 random(1);
    auto next = Clock::now();
    while (!stop_) {
      const size_t issuer = random() % size.issuers;
      scheme.Replace(IssuerName(issuer), MakeKeys(issuer, size.keys_each));
      ++replaced_;
      next += std::chrono::nanoseconds(1'000'000'000 / per_second);
      std::this_thread::sleep_until(next);
    }
  }

  std::atomic<bool> stop_{false};
  std::atomic<int64_t> replaced_{0};
  std::thread thread_;
};

template <typename Scheme>
void BM_Latency(benchmark::State& state, Size size) {
  Scheme scheme;
  Fill(scheme, size);
  const Questions questions(size, Asked::kKnown, 0);
  StayOnProcessor(0);
  Questions::Reader reader(questions);
  Percentiles latencies;
  Percentiles timer;
  double seconds = 0;
  int64_t replaced = 0;
  for ([[maybe_unused]] const auto _ : state) {
    const Writer<Scheme> writer(scheme, size, state.range(0));
    const auto began = Clock::now();
    while (Clock::now() - began < std::chrono::seconds(1)) {
      reader.Ask(1'000, [&](absl::string_view issuer, absl::string_view id) {
        const uint64_t first = Ticks();
        benchmark::DoNotOptimize(scheme.Find(issuer, id));
        const uint64_t last = Ticks();
        latencies.Add(last - first);
      });
      const uint64_t first = Ticks();
      timer.Add(Ticks() - first);
    }
    replaced += writer.replaced();
    seconds += std::chrono::duration<double>(Clock::now() - began).count();
  }
  const double tick = NanosecondsPerTick();
  state.counters["p50_ns"] = static_cast<double>(latencies.At(0.5)) * tick;
  state.counters["p99_ns"] = static_cast<double>(latencies.At(0.99)) * tick;
  state.counters["p99.9_ns"] = static_cast<double>(latencies.At(0.999)) * tick;
  state.counters["timer_ns"] = static_cast<double>(timer.At(0.5)) * tick;
  state.counters["replaced_per_s"] = static_cast<double>(replaced) / seconds;
}

constexpr Size kTen{10, 1};
constexpr Size kHundreds{100, 4};
constexpr Size kMany{10'000, 4};

template <typename Scheme>
void RegisterScheme(const std::string& name) {
  const auto find = [&](absl::string_view what, Size size, Asked asked) {
    benchmark::RegisterBenchmark(
        absl::StrCat("Find/", name, "/", what, "/",
                     size.issuers * size.keys_each, "_keys")
            .c_str(),
        BM_Find<Scheme>, size, asked)
        ->ArgName("threads")
        ->Arg(1)
        ->Arg(2)
        ->Iterations(10)
        ->Unit(benchmark::kMillisecond);
  };
  for (const Size size : {kTen, kHundreds, kMany}) {
    find("known", size, Asked::kKnown);
  }
  find("unknown_key", kMany, Asked::kUnknownKey);
  find("unknown_issuer", kMany, Asked::kUnknownIssuer);
  for (const Size size : {kTen, kMany}) {
    benchmark::RegisterBenchmark(
        absl::StrCat("Latency/", name, "/", size.issuers * size.keys_each,
                     "_keys")
            .c_str(),
        BM_Latency<Scheme>, size)
        ->ArgName("replacements_per_s")
        ->Arg(0)
        ->Arg(1'000)
        ->Iterations(2)
        ->Unit(benchmark::kMillisecond);
  }
}

void RegisterAll() {
  RegisterScheme<KernelFencedEpochs>("KeyCache");
  RegisterScheme<UnprotectedMaps>("unprotected_maps");
  RegisterScheme<SharedMutexMaps>("shared_mutex_maps");
  RegisterScheme<SharedMutexTable>("shared_mutex");
  RegisterScheme<AbslMutexTable>("absl_mutex");
  RegisterScheme<AtomicSharedPtr>("atomic_shared_ptr");
  RegisterScheme<ThreadSnapshots>("thread_snapshots");
  RegisterScheme<SelfFencedEpochs>("self_fenced_epochs");
  RegisterScheme<HazardPointers>("hazard_pointers");
}

}  // namespace
}  // namespace signet

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  signet::RegisterAll();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
