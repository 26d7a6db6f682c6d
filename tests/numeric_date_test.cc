#include "jose/numeric_date.h"

#include "gtest/gtest.h"

namespace signet {
namespace {

std::optional<absl::Time> Read(absl::string_view json) {
  const auto document = JsonDocument::Parse(json);
  EXPECT_TRUE(document.ok()) << document.status();
  return ReadNumericDate(document->root());
}

TEST(NumericDateTest, ReadsSecondsFromTheEpochToYear9999) {
  EXPECT_EQ(Read("0"), absl::UnixEpoch());
  EXPECT_EQ(Read("-0"), absl::UnixEpoch());
  EXPECT_EQ(Read("-0.0"), absl::UnixEpoch());
  EXPECT_EQ(Read("1800000000"), absl::FromUnixSeconds(1800000000));
  EXPECT_EQ(Read("1.8e9"), absl::FromUnixSeconds(1800000000));
  EXPECT_EQ(Read("253402300799"),
            absl::FromCivil(absl::CivilSecond(9999, 12, 31, 23, 59, 59),
                            absl::UTCTimeZone()));
}

TEST(NumericDateTest, KeepsFractions) {
  EXPECT_EQ(Read("1800000000.5"), absl::FromUnixMillis(1800000000500));
  EXPECT_EQ(Read("1800000000.25"), absl::FromUnixMillis(1800000000250));
  EXPECT_GT(Read("1800000000.000001"), absl::FromUnixSeconds(1800000000));
  EXPECT_LT(Read("1799999999.999999"), absl::FromUnixSeconds(1800000000));
  EXPECT_EQ(Read("1e-400"), absl::UnixEpoch());
}

TEST(NumericDateTest, RefusesNumbersOutOfRange) {
  for (const char* json :
       {"-1", "-0.001", "-1e300", "253402300800", "253402300799.5", "1e12",
        "1e300", "9223372036854775807", "18446744073709551615"}) {
    EXPECT_EQ(Read(json), std::nullopt) << json;
  }
}

TEST(NumericDateTest, RefusesWhatIsNotANumber) {
  for (const char* json : {"\"1800000000\"", "\"\"", "true", "null",
                           "[1800000000]", "{}", "\"2027-01-15T08:00:00Z\""}) {
    EXPECT_EQ(Read(json), std::nullopt) << json;
  }
}

TEST(NumericDateTest, OverflowIsNotEvenJson) {
  EXPECT_FALSE(JsonDocument::Parse("1e400").ok());
}

}  // namespace
}  // namespace signet
