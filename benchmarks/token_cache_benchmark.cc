// How fast TokenCache finds tokens of 700 bytes, and how much of a load it
// keeps, beside what it could have been (token_cache_alternatives.h).
//
// Find: nanoseconds per look-up of each of the reading threads, the median of
// many short times. Every round also times the baseline, a map under a
// std::shared_mutex, so that the ratio `vs_baseline` compares like with like on
// a machine whose speed changes.
//
// HitRate: of good tokens, of which some are far more common than others, and
// all need more room than there is. Alone; between ten times as many forged
// tokens, each of which is new; and between as many valid tokens that are each
// used once. The order of the good tokens is the same each time. (What collides
// in a cache's secret hash moves the rate by a few millionths.)

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "benchmark/benchmark.h"
#include "benchmarks/timed_rounds.h"
#include "benchmarks/token_cache_alternatives.h"
#include "tests/cached_tokens.h"
#include "verifier/cached_token.h"
#include "verifier/token_cache.h"
#include "verifier/token_hash.h"

namespace signet {
namespace {

constexpr size_t kPadding = 60;  // For 700 bytes.
constexpr size_t kFindsPerTime = 1'000;

// Tokens one after the other in memory, as if they had just arrived, in random
// order.
class Questions {
 public:
  Questions(uint64_t first, size_t tokens, unsigned seed) {
    std::vector<uint64_t> order(tokens);
    std::iota(order.begin(), order.end(), first);
    std::shuffle(order.begin(), order.end(), std::mt19937(seed));
    for (const uint64_t number : order) {
      // Numbers of one length.
      const std::string token = TokenText(1'000'000 + number, kPadding);
      token_bytes_ = token.size();
      text_ += token;
    }
  }

  absl::string_view Next() {
    if (at_ == text_.size()) at_ = 0;
    const absl::string_view token(text_.data() + at_, token_bytes_);
    at_ += token_bytes_;
    return token;
  }

 private:
  std::string text_;
  size_t token_bytes_ = 0;
  size_t at_ = 0;
};

template <typename Scheme>
void Fill(Scheme& scheme, size_t tokens) {
  Questions questions(0, tokens, 0);
  for (size_t i = 0; i < tokens; ++i) {
    const absl::string_view compact = questions.Next();
    scheme.Insert(compact, TokenOf(compact));
  }
}

enum class Asked { kKnown, kUnknown };

template <typename Scheme>
void TimeFinds(Scheme& scheme, std::vector<Questions>& questions, Asked asked,
               std::vector<double>& times) {
  const size_t expected = asked == Asked::kKnown ? kFindsPerTime : 0;
  TimeRound(
      questions.size(), kFindsPerTime,
      [&](size_t thread) {
        size_t found = 0;
        for (size_t i = 0; i < kFindsPerTime; ++i) {
          found += scheme.Find(questions[thread].Next()).has_value() ? 1 : 0;
        }
        if (found != expected) std::abort();
      },
      times);
}

template <typename Scheme>
void BM_Find(benchmark::State& state, size_t tokens, Asked asked) {
  Scheme scheme(TokenCache::kDefaultBytes);
  SharedMutexMap baseline(TokenCache::kDefaultBytes);
  Fill(scheme, tokens);
  Fill(baseline, tokens);
  std::vector<Questions> questions;
  for (unsigned i = 0; i < state.range(0); ++i) {
    questions.emplace_back(asked == Asked::kKnown ? 0 : tokens, tokens, i);
  }
  std::vector<double> times;
  std::vector<double> baseline_times;
  for ([[maybe_unused]] const auto _ : state) {
    TimeFinds(scheme, questions, asked, times);
    TimeFinds(baseline, questions, asked, baseline_times);
  }
  const double ours = Median(times);
  const double others = Median(baseline_times);
  state.counters["ns"] = ours;
  state.counters["baseline_ns"] = others;
  state.counters["vs_baseline"] = others / ours;
}

// Nanoseconds to insert a token into a full cache, without parsing.
template <typename Scheme>
void BM_Insert(benchmark::State& state) {
  constexpr size_t kTokens = 50'000;  // More than there is room for.
  Scheme scheme(TokenCache::kDefaultBytes);
  Fill(scheme, kTokens);
  Questions questions(kTokens, kTokens, 1);
  const CachedToken token = TokenOf(questions.Next());
  for ([[maybe_unused]] const auto _ : state) {
    scheme.Insert(questions.Next(), token);
  }
}

void BM_Hash(benchmark::State& state) {
  const TokenHash hash;
  const std::string text(static_cast<size_t>(state.range(0)), 'x');
  for ([[maybe_unused]] const auto _ : state) {
    benchmark::DoNotOptimize(hash.Hash(text));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

// Numbers below `count`, of which each is the more common the smaller it is
// (Zipf's law).
class Zipf {
 public:
  Zipf(size_t count, double exponent) : sums_(count) {
    double sum = 0;
    for (size_t i = 0; i < count; ++i) {
      sum += std::pow(static_cast<double>(i + 1), -exponent);
      sums_[i] = sum;
    }
  }
  size_t operator()(std::mt19937_64& random) const {
    const double at =
        std::uniform_real_distribution<double>(0, sums_.back())(random);
    return static_cast<size_t>(
        std::upper_bound(sums_.begin(), sums_.end(), at) - sums_.begin());
  }

 private:
  std::vector<double> sums_;
};

// Tokens that differ in their signatures, each of which is given once.
class NewTokens {
 public:
  absl::string_view Next() {
    // In base64url, 10 digits; the rest stays, and so do the spare bits.
    const std::string number = absl::StrFormat("%010d", next_++);
    number.copy(&text_[text_.size() - 40], number.size());
    return text_;
  }

 private:
  std::string text_ = TokenText(1'000'000, kPadding);
  uint64_t next_ = 0;
};

// A token verifies, or it does not.
enum class Verdict { kGood, kForged };

// What a verifier does with its cache: whether it was spared the signature.
template <typename Scheme>
bool Ask(Scheme& scheme, absl::string_view compact, Verdict verdict) {
  if (scheme.Find(compact)) return true;
  if (verdict == Verdict::kGood) scheme.Insert(compact, TokenOf(compact));
  return false;
}

struct Between {
  size_t forged;
  size_t used_once;
};

template <typename Scheme>
void BM_HitRate(benchmark::State& state, Between between) {
  constexpr size_t kTokens = 60'000;
  constexpr size_t kWarmUp = 1'000'000;
  constexpr size_t kAsked = 1'000'000;
  std::vector<std::string> tokens;
  tokens.reserve(kTokens);
  for (size_t i = 0; i < kTokens; ++i) tokens.push_back(TokenText(i, kPadding));
  const Zipf zipf(kTokens, 0.9);
  for ([[maybe_unused]] const auto _ : state) {
    Scheme scheme(TokenCache::kDefaultBytes);
    std::mt19937_64 random(1);
    NewTokens new_tokens;
    size_t hits = 0;
    for (size_t i = 0; i < kWarmUp + kAsked; ++i) {
      const bool hit = Ask(scheme, tokens[zipf(random)], Verdict::kGood);
      if (i < kWarmUp) continue;
      hits += hit ? 1 : 0;
      for (size_t j = 0; j < between.forged; ++j) {
        Ask(scheme, new_tokens.Next(), Verdict::kForged);
      }
      for (size_t j = 0; j < between.used_once; ++j) {
        Ask(scheme, new_tokens.Next(), Verdict::kGood);
      }
    }
    state.counters["hit_rate"] = static_cast<double>(hits) / kAsked;
  }
}

template <typename Scheme>
void RegisterScheme(const std::string& name) {
  const auto find = [&](absl::string_view what, size_t tokens, Asked asked) {
    benchmark::RegisterBenchmark(
        absl::StrCat("Find/", name, "/", what, "/", tokens, "_tokens").c_str(),
        BM_Find<Scheme>, tokens, asked)
        ->ArgName("threads")
        ->Arg(1)
        ->Arg(2)
        ->Iterations(10)
        ->Unit(benchmark::kMillisecond);
  };
  find("known", 1, Asked::kKnown);
  find("known", 100, Asked::kKnown);
  find("known", 10'000, Asked::kKnown);
  find("unknown", 10'000, Asked::kUnknown);
}

template <typename Scheme>
void RegisterReplacement(const std::string& name) {
  benchmark::RegisterBenchmark(absl::StrCat("Insert/", name).c_str(),
                               BM_Insert<Scheme>);
  const auto hit_rate = [&](absl::string_view what, Between between) {
    benchmark::RegisterBenchmark(
        absl::StrCat("HitRate/", name, "/", what).c_str(), BM_HitRate<Scheme>,
        between)
        ->Iterations(1)
        ->Unit(benchmark::kSecond);
  };
  hit_rate("alone", {.forged = 0, .used_once = 0});
  hit_rate("between_10_million_forged", {.forged = 10, .used_once = 0});
  hit_rate("between_1_million_used_once", {.forged = 0, .used_once = 1});
}

void RegisterAll() {
  benchmark::RegisterBenchmark("Hash", BM_Hash)->Arg(700)->Arg(16'384);
  RegisterScheme<TokenCache>("TokenCache");
  RegisterScheme<ShardedLru>("sharded_lru");
  RegisterReplacement<TokenCache>("TokenCache");
  RegisterReplacement<ShardedLru>("sharded_lru");
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
