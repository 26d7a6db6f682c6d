// JSONTestSuite (github.com/nst/JSONTestSuite): what a JSON parser must accept
// (y_), must refuse (n_), and may do as it likes with (i_).

#include <algorithm>
#include <array>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "jose/json.h"
#include "tests/conformance/test_vectors.h"

namespace signet {
namespace {

constexpr absl::string_view kFolder = "json_test_suite/test_parsing";

class JsonTestSuite : public ConformanceTest {
 protected:
  // Every file whose name starts with `prefix`.
  static std::vector<std::string> Files(absl::string_view prefix) {
    std::vector<std::string> files = ListVectors(kFolder);
    files.erase(std::remove_if(files.begin(), files.end(),
                               [&](const std::string& file) {
                                 return !absl::StartsWith(file, prefix);
                               }),
                files.end());
    return files;
  }

  static absl::Status Parse(absl::string_view file) {
    return JsonDocument::Parse(ReadVector(absl::StrCat(kFolder, "/", file)))
        .status();
  }
};

TEST_F(JsonTestSuite, HasOnlyFilesThatTheseTestsRead) {
  EXPECT_EQ(Files("").size(), 188U + 95U + 35U);
}

TEST_F(JsonTestSuite, RefusesEveryFileThatMustBeRefused) {
  const std::vector<std::string> files = Files("n_");
  for (const std::string& file : files) {
    const absl::Status status = Parse(file);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << file;
    // Broken JSON, never a duplicate.
    EXPECT_NE(status.message(), "JSON object has a duplicate member") << file;
  }
  EXPECT_EQ(files.size(), 188U);
  ReportCases("json_test_suite n_", files.size(), "all refused");
}

TEST_F(JsonTestSuite, AcceptsEveryFileThatMustBeAcceptedButDuplicateMembers) {
  // Well-formed, but I-JSON (RFC 7493 section 2.3) and RFC 7515 section 4 do
  // not want a name twice.
  constexpr absl::string_view kDuplicates[] = {
      "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"};
  const std::vector<std::string> files = Files("y_");
  size_t duplicates = 0;
  for (const std::string& file : files) {
    const absl::Status status = Parse(file);
    if (absl::c_linear_search(kDuplicates, file)) {
      ++duplicates;
      EXPECT_EQ(status, absl::InvalidArgumentError(
                            "JSON object has a duplicate member"))
          << file;
    } else {
      EXPECT_TRUE(status.ok()) << file << ": " << status;
    }
  }
  EXPECT_EQ(files.size(), 95U);
  EXPECT_EQ(duplicates, 2U);
  ReportCases("json_test_suite y_", files.size(),
              "93 accepted, 2 refused for the duplicate member alone");
}

enum class Outcome { kAccepted, kRefused };

struct OptionalCase {
  absl::string_view file;
  Outcome outcome;
};

// Everything that is not UTF-8, not a whole code point, not finite as a double
// or too deep is refused; underflow to zero is only a loss of precision, but
// an integer beyond 64 bits would be one that changes its meaning.
constexpr OptionalCase kOptionalCases[] = {
    {"i_number_double_huge_neg_exp.json", Outcome::kAccepted},
    {"i_number_huge_exp.json", Outcome::kRefused},
    {"i_number_neg_int_huge_exp.json", Outcome::kRefused},
    {"i_number_pos_double_huge_exp.json", Outcome::kRefused},
    {"i_number_real_neg_overflow.json", Outcome::kRefused},
    {"i_number_real_pos_overflow.json", Outcome::kRefused},
    {"i_number_real_underflow.json", Outcome::kAccepted},
    {"i_number_too_big_neg_int.json", Outcome::kRefused},
    {"i_number_too_big_pos_int.json", Outcome::kRefused},
    {"i_number_very_big_negative_int.json", Outcome::kRefused},
    {"i_object_key_lone_2nd_surrogate.json", Outcome::kRefused},
    {"i_string_1st_surrogate_but_2nd_missing.json", Outcome::kRefused},
    {"i_string_1st_valid_surrogate_2nd_invalid.json", Outcome::kRefused},
    {"i_string_UTF-16LE_with_BOM.json", Outcome::kRefused},
    {"i_string_UTF-8_invalid_sequence.json", Outcome::kRefused},
    {"i_string_UTF8_surrogate_U+D800.json", Outcome::kRefused},
    {"i_string_incomplete_surrogate_and_escape_valid.json", Outcome::kRefused},
    {"i_string_incomplete_surrogate_pair.json", Outcome::kRefused},
    {"i_string_incomplete_surrogates_escape_valid.json", Outcome::kRefused},
    {"i_string_invalid_lonely_surrogate.json", Outcome::kRefused},
    {"i_string_invalid_surrogate.json", Outcome::kRefused},
    {"i_string_invalid_utf-8.json", Outcome::kRefused},
    {"i_string_inverted_surrogates_U+1D11E.json", Outcome::kRefused},
    {"i_string_iso_latin_1.json", Outcome::kRefused},
    {"i_string_lone_second_surrogate.json", Outcome::kRefused},
    {"i_string_lone_utf8_continuation_byte.json", Outcome::kRefused},
    {"i_string_not_in_unicode_range.json", Outcome::kRefused},
    {"i_string_overlong_sequence_2_bytes.json", Outcome::kRefused},
    {"i_string_overlong_sequence_6_bytes.json", Outcome::kRefused},
    {"i_string_overlong_sequence_6_bytes_null.json", Outcome::kRefused},
    {"i_string_truncated-utf-8.json", Outcome::kRefused},
    {"i_string_utf16BE_no_BOM.json", Outcome::kRefused},
    {"i_string_utf16LE_no_BOM.json", Outcome::kRefused},
    {"i_structure_500_nested_arrays.json", Outcome::kRefused},
    {"i_structure_UTF-8_BOM_empty_object.json", Outcome::kRefused},
};

TEST_F(JsonTestSuite, DecidesEveryOptionalFileAsPinnedHere) {
  size_t accepted = 0;
  for (const OptionalCase& c : kOptionalCases) {
    const absl::Status status = Parse(c.file);
    EXPECT_EQ(status.ok(), c.outcome == Outcome::kAccepted)
        << c.file << ": " << status;
    accepted += status.ok() ? 1 : 0;
  }
  EXPECT_EQ(Files("i_").size(), std::size(kOptionalCases));
  ReportCases("json_test_suite i_", std::size(kOptionalCases),
              absl::StrCat(accepted, " accepted, the rest refused"));
}

}  // namespace
}  // namespace signet
