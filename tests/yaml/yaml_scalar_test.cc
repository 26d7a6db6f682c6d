#include "service/yaml/yaml_scalar.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace signet {
namespace {

TEST(YamlScalarTest, ReadsIntegersOfTheirRange) {
  EXPECT_EQ(ReadInteger<uint32_t>("0"), 0U);
  EXPECT_EQ(ReadInteger<uint32_t>("4294967295"), 4294967295U);
  EXPECT_EQ(ReadInteger<int32_t>("-2147483648"), -2147483647 - 1);
  EXPECT_EQ(ReadInteger<int64_t>("9223372036854775807"),
            std::numeric_limits<int64_t>::max());
  EXPECT_EQ(ReadInteger<uint64_t>("18446744073709551615"),
            std::numeric_limits<uint64_t>::max());

  EXPECT_FALSE(ReadInteger<uint32_t>("4294967296"));
  EXPECT_FALSE(ReadInteger<uint32_t>("-1"));
  EXPECT_FALSE(ReadInteger<int32_t>("2147483648"));
  EXPECT_FALSE(ReadInteger<uint64_t>("18446744073709551616"));
}

TEST(YamlScalarTest, ReadsOnlyDecimalIntegers) {
  for (const absl::string_view text :
       {"", "-", "+1", " 1", "1 ", "01", "-01", "0x10", "0o17", "1_000",
        "1,000", "1.0", "1e3", "--1", "one", "\xD9\xA1"}) {
    EXPECT_FALSE(ReadInteger<int64_t>(text)) << text;
  }
}

TEST(YamlScalarTest, ReadsFiniteNumbers) {
  EXPECT_EQ(ReadDouble("0.5"), 0.5);
  EXPECT_EQ(ReadDouble("-2"), -2.0);
  EXPECT_EQ(ReadDouble("1e3"), 1000.0);
  EXPECT_EQ(ReadFloat("0.25"), 0.25F);
  EXPECT_FALSE(ReadFloat("1e39"));
  for (const absl::string_view text :
       {"", "+1", ".5", "5.", " 1", "inf", "-inf", ".inf", "nan", "1e309", "1x",
        "0x1p3", "1 2"}) {
    EXPECT_FALSE(ReadDouble(text)) << text;
    EXPECT_FALSE(ReadFloat(text)) << text;
  }
}

TEST(YamlScalarTest, ReadsOnlyTrueAndFalseAsBooleans) {
  EXPECT_EQ(ReadBool("true"), true);
  EXPECT_EQ(ReadBool("false"), false);
  for (const absl::string_view text :
       {"", "True", "TRUE", "yes", "no", "on", "off", "y", "1", "0"}) {
    EXPECT_FALSE(ReadBool(text)) << text;
  }
}

TEST(YamlScalarTest, ReadsDurations) {
  EXPECT_EQ(ReadDuration("90s"), absl::Seconds(90));
  EXPECT_EQ(ReadDuration("15m"), absl::Minutes(15));
  EXPECT_EQ(ReadDuration("1h30m"), absl::Minutes(90));
  EXPECT_EQ(ReadDuration("250ms"), absl::Milliseconds(250));
  EXPECT_EQ(ReadDuration("1us"), absl::Microseconds(1));
  EXPECT_EQ(ReadDuration("1ns"), absl::Nanoseconds(1));
  EXPECT_EQ(ReadDuration("0s"), absl::ZeroDuration());
  EXPECT_EQ(ReadDuration("0"), absl::ZeroDuration());
  EXPECT_EQ(ReadDuration("315576000000s"), absl::Seconds(315'576'000'000));
}

TEST(YamlScalarTest, RefusesWhatIsNoDuration) {
  for (const absl::string_view text : {"",
                                       "90",
                                       "s",
                                       "5 m",
                                       " 5m",
                                       "5m ",
                                       "5M",
                                       "1d",
                                       "1h30",
                                       "-5m",
                                       "+5m",
                                       "1h-5m",
                                       "inf",
                                       "-inf",
                                       "infinite",
                                       "1.5ns",
                                       "0.1ns",
                                       "0.5h",
                                       ".5s",
                                       "1e3s",
                                       "315576000001s",
                                       "87660001h",
                                       "2562047788015215h",
                                       "99999999999999999999s"}) {
    EXPECT_FALSE(ReadDuration(text)) << text;
  }
}

}  // namespace
}  // namespace signet
