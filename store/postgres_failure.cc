#include "store/postgres_failure.h"

#include <array>
#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace signet {
namespace {

constexpr size_t kStateBytes = 5;

struct Meaning {
  absl::string_view state;  // Or its first two letters: the class.
  absl::StatusCode code;
  absl::string_view text;
};

// The first that fits holds.
constexpr std::array<Meaning, 11> kMeanings = {{
    {"25006", absl::StatusCode::kFailedPrecondition,
     "takes no writes here; name the primary server"},
    {"28", absl::StatusCode::kFailedPrecondition,
     "refuses this user or password; correct them"},
    {"3D000", absl::StatusCode::kFailedPrecondition,
     "has no such database; create it"},
    {"42501", absl::StatusCode::kFailedPrecondition,
     "refuses this user; grant it the right to create and use tables"},
    {"53100", absl::StatusCode::kResourceExhausted,
     "has a full disk; make room there"},
    {"53", absl::StatusCode::kUnavailable,
     "is out of memory or connections; free some"},
    {"XX001", absl::StatusCode::kDataLoss,
     "is corrupt; restore it from a backup"},
    {"XX002", absl::StatusCode::kDataLoss,
     "has a corrupt index; rebuild it, or restore from a backup"},
    {"55P03", absl::StatusCode::kUnavailable,
     "is locked by another client; end that, or try again"},
    {"57014", absl::StatusCode::kUnavailable,
     "was too slow, or is locked by another client; end that, or try again"},
    {"40", absl::StatusCode::kUnavailable, "is busy; try again"},
}};

// Those with which a server sends a client away.
constexpr std::array<absl::string_view, 3> kLostClasses = {"08", "25", "57"};

// Finds the SQLSTATE in "...FATAL:  28P01: password authentication failed...".
// The word before it is in the server's language.
absl::string_view FindState(absl::string_view line) {
  constexpr absl::string_view kBefore = ":  ";
  const size_t at = line.find(kBefore);
  if (at == absl::string_view::npos) return "";
  const absl::string_view rest = line.substr(at + kBefore.size());
  if (rest.size() <= kStateBytes || rest[kStateBytes] != ':') return "";
  const absl::string_view state = rest.substr(0, kStateBytes);
  return absl::c_all_of(state, absl::ascii_isalnum) ? state : "";
}

absl::StatusCode CodeFor(absl::string_view sqlstate) {
  for (const Meaning& meaning : kMeanings) {
    if (absl::StartsWith(sqlstate, meaning.state)) return meaning.code;
  }
  return absl::StatusCode::kUnavailable;
}

}  // namespace

absl::Status PostgresFailure(absl::string_view sqlstate) {
  for (const Meaning& meaning : kMeanings) {
    if (absl::StartsWith(sqlstate, meaning.state)) {
      return {meaning.code, absl::StrCat("PostgreSQL ", meaning.text,
                                         " (SQLSTATE ", sqlstate, ")")};
    }
  }
  const bool lost = absl::c_linear_search(kLostClasses, sqlstate.substr(0, 2));
  if (lost || sqlstate.empty()) return ConnectionLost();
  return absl::InternalError(
      absl::StrCat("PostgreSQL did not understand (SQLSTATE ", sqlstate, ")"));
}

absl::Status ConnectionFailure(absl::string_view message,
                               const std::string& password) {
  const absl::string_view line = message.substr(0, message.find('\n'));
  std::string shown(line);
  if (!password.empty()) {
    shown = absl::StrReplaceAll(shown, {{password, "..."}});
  }
  return {CodeFor(FindState(line)), absl::StrCat("PostgreSQL: ", shown)};
}

absl::Status ConnectionLost() {
  return absl::UnavailableError(
      "PostgreSQL: the connection was lost; look after the server or the "
      "network");
}

}  // namespace signet
