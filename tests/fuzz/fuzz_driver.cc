// Feeds a fuzz target a bounded number of inputs: its seeds, changed ones, and
// noise. Deterministic: the same seed gives the same inputs. Tell it another
// with SIGNET_FUZZ_SEED, and how many with SIGNET_FUZZ_INPUTS.

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "tests/fuzz/fuzz_target.h"

namespace signet {
namespace {

// What parsers of these formats look out for.
constexpr absl::string_view kDictionary[] = {
    "{",       "}",          "[",           "]",
    "\"",      ":",          ",",           "\\",
    "null",    "true",       "-1",          "1e400",
    "0.5",     "\\u0000",    "\\ud800",     ".",
    "..",      "=",          "==",          "-",
    "_",       "+",          "/",           "A",
    "AQAB",    "\xff",       "\xc3",        "\xef\xbb\xbf",
    "\n",      "\r\n",       " ",           "alg",
    "kid",     "kty",        "keys",        "crit",
    "none",    "RS256",      "-----BEGIN ", "-----END ",
    "-----\n", "PUBLIC KEY", "PRIVATE KEY", "18446744073709551616"};

class InputMaker {
 public:
  InputMaker(uint64_t seed, std::vector<std::string> seeds)
      : random_(seed), seeds_(std::move(seeds)) {}

  std::string Next() {
    if (Below(50) == 0) return Noise(Below(200));
    std::string input = seeds_[Below(seeds_.size())];
    for (size_t edits = Below(6); edits > 0; --edits) Edit(input);
    return input;
  }

 private:
  size_t Below(size_t bound) { return bound == 0 ? 0 : random_() % bound; }

  std::string Noise(size_t size) {
    std::string noise(size, '\0');
    for (char& byte : noise) byte = static_cast<char>(Below(256));
    return noise;
  }

  // A piece of any seed.
  std::string Piece() {
    const std::string& seed = seeds_[Below(seeds_.size())];
    return seed.substr(Below(seed.size() + 1), Below(40));
  }

  void Edit(std::string& input) {
    const size_t place = Below(input.size() + 1);
    switch (Below(6)) {
      case 0:
        if (place < input.size()) {
          input[place] = static_cast<char>(input[place] ^ 1 << Below(8));
        }
        break;
      case 1:
        input.erase(place, Below(8));
        break;
      case 2:
        input.insert(place, Noise(1 + Below(3)));
        break;
      case 3: {
        const absl::string_view word =
            kDictionary[Below(std::size(kDictionary))];
        input.insert(place, word.data(), word.size());
        break;
      }
      case 4:
        input.insert(place, Piece());
        break;
      default:
        input.resize(place);
        break;
    }
  }

  std::mt19937_64 random_;
  std::vector<std::string> seeds_;
};

uint64_t NumberFromEnvironment(const char* name, uint64_t standard) {
  const char* text = std::getenv(name);
  return text == nullptr ? standard : std::strtoull(text, nullptr, 10);
}

// The input that is being tried, for when it ends the process.
std::string* current_input = nullptr;

void PrintCurrentInput(int) {
  std::cerr << "with the input \"" << absl::CHexEscape(*current_input)
            << "\"\n";
  (void)std::signal(SIGABRT, SIG_DFL);
  std::abort();
}

int Main() {
  const uint64_t seed = NumberFromEnvironment("SIGNET_FUZZ_SEED", 20270115);
  const uint64_t count = NumberFromEnvironment("SIGNET_FUZZ_INPUTS", 50000);
  std::string input;
  current_input = &input;
  (void)std::signal(SIGABRT, PrintCurrentInput);

  for (const std::string& seeded : FuzzSeeds()) {
    input = seeded;
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()),
                           input.size());
  }
  InputMaker maker(seed, FuzzSeeds());
  for (uint64_t i = 0; i < count; ++i) {
    input = maker.Next();
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()),
                           input.size());
  }
  std::cout << "seed " << seed << ": " << count << " inputs\n";
  return 0;
}

}  // namespace
}  // namespace signet

int main() { return signet::Main(); }
