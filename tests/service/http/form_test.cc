#include "service/http/form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace signet {
namespace {

using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(ParseForm, ReadsWhatClientsWrite) {
  EXPECT_THAT(*ParseForm(""), IsEmpty());
  EXPECT_THAT(*ParseForm("token=a.b.c&token_type_hint=access_token"),
              UnorderedElementsAre(Pair("token", "a.b.c"),
                                   Pair("token_type_hint", "access_token")));
  EXPECT_THAT(
      *ParseForm("a=1%2B1+%3d&b=&c"),
      UnorderedElementsAre(Pair("a", "1+1 ="), Pair("b", ""), Pair("c", "")));
  EXPECT_THAT(*ParseForm("a=b=c"), UnorderedElementsAre(Pair("a", "b=c")));
}

TEST(ParseForm, RefusesWhatCouldBeReadInTwoWays) {
  struct Row {
    std::string text;
    std::string problem;
  };
  std::string many = "p0=";
  for (int i = 1; i <= 32; ++i) absl::StrAppend(&many, "&p", i, "=");
  for (const Row& row : {
           Row{"a=1&a=2", "a parameter comes twice"},
           Row{"a=1&%61=2", "a parameter comes twice"},
           Row{"=1", "a parameter has no name"},
           Row{"a=1&", "a parameter has no name"},
           Row{"a=%", "a '%' is not followed by two hexadecimal digits"},
           Row{"a=%4", "a '%' is not followed by two hexadecimal digits"},
           Row{"a=%4g", "a '%' is not followed by two hexadecimal digits"},
           Row{"a=%00", "there is something in it that is not printable ASCII"},
           Row{"a=\xc3\xa9",
               "there is something in it that is not printable ASCII"},
           Row{"a=b\n", "there is something in it that is not printable ASCII"},
           Row{many, "there are more than 32 parameters"},
       }) {
    EXPECT_EQ(ParseForm(row.text).status(),
              absl::InvalidArgumentError(row.problem))
        << row.text;
  }
}

TEST(ReadForm, ReadsTheBodyOnlyIfItIsAForm) {
  const auto body = [] { return absl::StatusOr<std::string>("token=x"); };
  const auto none = []() -> absl::StatusOr<std::string> {
    ADD_FAILURE() << "was read";
    return "";
  };
  HttpRequest request{
      .fields = {
          {"content-type", "Application/X-WWW-Form-Urlencoded; charset=x"}}};
  EXPECT_THAT(*ReadForm(request, body),
              UnorderedElementsAre(Pair("token", "x")));
  request.query = "token=y";
  EXPECT_EQ(ReadForm(request, none).status(),
            absl::InvalidArgumentError(
                "parameters belong in the body, not in the URL"));
  EXPECT_EQ(ReadForm({.fields = {{"Content-Type", "application/json"}}}, none)
                .status(),
            absl::InvalidArgumentError(
                "the body must be application/x-www-form-urlencoded"));
  EXPECT_EQ(ReadForm({}, none).status(),
            absl::InvalidArgumentError(
                "the body must be application/x-www-form-urlencoded"));
}

TEST(ReadForm, FailsAsTheBodyDoes) {
  const HttpRequest request{
      .fields = {{"Content-Type", "application/x-www-form-urlencoded"}}};
  EXPECT_EQ(ReadForm(request,
                     []() -> absl::StatusOr<std::string> {
                       return absl::OutOfRangeError("large");
                     })
                .status(),
            absl::OutOfRangeError("large"));
}

}  // namespace
}  // namespace signet
