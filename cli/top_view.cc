#include "cli/top_view.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/table.h"

namespace signet {
namespace {

using Labels = MetricsText::Labels;

constexpr char kCalls[] = "signet_rpc_duration_seconds";
constexpr char kCallCount[] = "signet_rpc_duration_seconds_count";
constexpr char kVerifications[] = "signet_verifications_total";
constexpr char kSigned[] = "signet_signed_tokens_total";

// Two looks at a server.
struct Looks {
  const MetricsText& before;
  const MetricsText& after;
  double seconds;

  double More(absl::string_view counter, const Labels& labels = {}) const {
    return after.Sum(counter, labels) - before.Sum(counter, labels);
  }
  double Rate(absl::string_view counter, const Labels& labels = {}) const {
    return seconds > 0 ? More(counter, labels) / seconds : 0;
  }
};

std::string RateText(double rate) { return absl::StrFormat("%.1f", rate); }

// Nothing, if there is nothing that it could be a part of.
std::string PartText(double part, double whole) {
  return whole > 0 ? absl::StrFormat("%.1f %%", 100 * part / whole) : "";
}

std::string DurationText(double seconds) {
  if (std::isnan(seconds)) return "";
  if (seconds < 1) return absl::StrFormat("%.2f ms", seconds * 1e3);
  return absl::FormatDuration(absl::Seconds(std::round(seconds)));
}

std::string BytesText(double bytes) {
  return absl::StrFormat("%.1f MiB", bytes / (1 << 20));
}

void PrintCalls(const Looks& looks) {
  std::vector<TableRow> rows = {
      {"METHOD", "CALLS/S", "FAILED/S", "RUNNING", "MEDIAN", "99 %"}};
  for (const std::string& method : looks.after.Values(kCallCount, "method")) {
    const Labels its = {{"method", method}};
    const double all = looks.Rate(kCallCount, its);
    const double good =
        looks.Rate(kCallCount, {{"method", method}, {"code", "OK"}});
    const auto quantile = [&](double fraction) {
      return DurationText(Quantile(fraction, looks.before.Buckets(kCalls, its),
                                   looks.after.Buckets(kCalls, its)));
    };
    rows.push_back({method, RateText(all), RateText(all - good),
                    absl::StrCat(looks.after.Sum("signet_rpc_in_flight", its)),
                    quantile(0.5), quantile(0.99)});
  }
  PrintTable(rows);
}

void PrintIssuers(const Looks& looks) {
  std::vector<TableRow> rows = {
      {"ISSUER", "VERIFIED/S", "ACCEPTED", "SIGNED/S", "KEYS AGED"}};
  std::vector<std::string> issuers;
  for (const char* name : {kVerifications, kSigned, "signet_jwks_age_seconds",
                           "signet_signing_keys"}) {
    for (std::string& issuer : looks.after.Values(name, "issuer")) {
      if (std::find(issuers.begin(), issuers.end(), issuer) == issuers.end()) {
        issuers.push_back(std::move(issuer));
      }
    }
  }
  for (const std::string& issuer : issuers) {
    const Labels its = {{"issuer", issuer}};
    const bool is_remote = looks.after.Sum("signet_jwks_age_seconds", its) > 0;
    rows.push_back(
        {issuer, RateText(looks.Rate(kVerifications, its)),
         PartText(looks.More(kVerifications,
                             {{"issuer", issuer}, {"outcome", "ACCEPTED"}}),
                  looks.More(kVerifications, its)),
         RateText(looks.Rate(kSigned, its)),
         is_remote
             ? DurationText(looks.after.Sum("signet_jwks_age_seconds", its))
             : ""});
  }
  PrintTable(rows);
}

void PrintSigningKeys(const MetricsText& now) {
  constexpr char kAge[] = "signet_signing_key_age_seconds";
  std::vector<TableRow> rows = {{"SIGNS AS", "ALGORITHM", "FOR"}};
  for (const std::string& issuer : now.Values(kAge, "issuer")) {
    for (const std::string& algorithm : now.Values(kAge, "algorithm")) {
      const double age =
          now.Sum(kAge, {{"issuer", issuer}, {"algorithm", algorithm}});
      if (age > 0) rows.push_back({issuer, algorithm, DurationText(age)});
    }
  }
  PrintTable(rows);
}

void PrintHeld(const Looks& looks) {
  const double hits = looks.More("signet_token_cache_hits_total");
  const double misses = looks.More("signet_token_cache_misses_total");
  const MetricsText& now = looks.after;
  PrintTable(
      {{"TOKEN CACHE", "EVICTED/S", "KEY TABLES", "REVOCATIONS", "STORE SEEN",
        "CPU", "MEMORY"},
       {absl::StrCat(BytesText(now.Sum("signet_token_cache_bytes")), ", ",
                     hits + misses > 0 ? PartText(hits, hits + misses) : "no",
                     " hits"),
        RateText(looks.Rate("signet_token_cache_evictions_total")),
        BytesText(now.Sum("signet_key_table_bytes")),
        absl::StrCat(now.Sum("signet_revocation_entries")),
        absl::StrCat(
            DurationText(now.Sum("signet_store_age_seconds")),
            now.Sum("signet_store_stale") > 0 ? " ago, STALE" : " ago"),
        absl::StrFormat("%.0f %%",
                        100 * looks.Rate("process_cpu_seconds_total")),
        BytesText(now.Sum("process_resident_memory_bytes"))}});
}

}  // namespace

void PrintTop(const MetricsText& before, const MetricsText& after,
              absl::Duration passed) {
  const Looks looks{before, after, absl::ToDoubleSeconds(passed)};
  PrintCalls(looks);
  std::cout << "\n";
  PrintIssuers(looks);
  std::cout << "\n";
  PrintSigningKeys(after);
  std::cout << "\n";
  PrintHeld(looks);
}

}  // namespace signet
